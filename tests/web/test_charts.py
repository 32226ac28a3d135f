"""Charts as values."""

from datetime import date

from gradebench.canvas.views.charts import bar_chart, histogram, over_time, spread
from gradebench.canvas.views.sorting import natural


def test_nothing_to_draw_is_no_chart() -> None:
    assert bar_chart([]) is None
    assert bar_chart([("a", 0)]) is None
    assert histogram([], points=10) is None
    assert histogram([0, 0], points=0) is None
    assert spread([], points=10) is None
    assert spread([5], points=None) is None
    assert over_time({}) is None


def test_the_tallest_bar_is_as_high_as_the_chart_and_one_in_a_thousand_is_still_seen() -> None:
    chart = bar_chart([("a", 1000), ("b", 1), ("c", 0)])
    assert chart is not None
    assert [bar.height for bar in chart.bars] == [120, 2, 0]
    assert all(bar.y + bar.height == 120 for bar in chart.bars)
    assert all(bar.x >= 0 and bar.x + bar.width <= 100 for bar in chart.bars)


def test_labels_are_few_enough_for_a_phone() -> None:
    chart = bar_chart([(str(number), 1) for number in range(40)])
    assert chart is not None
    assert sum(bar.labelled for bar in chart.bars) <= 6


def test_every_score_is_in_one_tenth() -> None:
    chart = histogram([0, 1, 9.99, 10, 10, 5], points=10)
    assert chart is not None
    assert [bar.value for bar in chart.bars] == [1, 1, 0, 0, 0, 1, 0, 0, 0, 3]


def test_bonus_points_widen_the_tenths_and_negative_ones_count_in_the_first() -> None:
    chart = histogram([-2, 20], points=10)
    assert chart is not None
    assert chart.total == 2
    assert chart.bars[0].value == chart.bars[-1].value == 1


def test_a_spread_is_cut_at_the_possible_points() -> None:
    box = spread([0, 5, 10, 15], points=10)
    assert box is not None
    assert (box.low, box.median, box.high) == (0, 75, 100)
    one = spread([4], points=8)
    assert one is not None
    assert (one.low, one.first, one.median, one.third, one.high) == (50,) * 5


def test_days_without_anything_keep_their_place() -> None:
    chart = over_time({date(2026, 9, 1): 2, date(2026, 9, 4): 1})
    assert chart is not None
    assert [(bar.label, bar.value) for bar in chart.bars] == [
        ("1 Sep", 2),
        ("2 Sep", 0),
        ("3 Sep", 0),
        ("4 Sep", 1),
    ]


def test_a_term_is_told_by_weeks_that_begin_on_monday() -> None:
    chart = over_time({date(2026, 9, 2): 2, date(2026, 12, 1): 5})
    assert chart is not None
    assert chart.bars[0].label == "31 Aug"
    assert len(chart.bars) == 14
    assert chart.total == 7


def test_names_with_numbers_are_sorted_as_people_count() -> None:
    names = ["Team 10", "team 2", "Team 1b", "Team 1", "Alpha"]
    assert sorted(names, key=natural) == ["Alpha", "Team 1", "Team 1b", "team 2", "Team 10"]
