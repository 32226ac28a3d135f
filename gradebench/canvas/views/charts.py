"""Charts as values: where bars and boxes stand, in percent of the width and pixels of the height.

Pure: what a template draws as SVG, and writes as a table for whoever does not look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import quantiles

HEIGHT = 120
# More words than this below a chart run into each other on a phone.
MOST_LABELS = 6
# Beyond this many days, a bar is a week.
MOST_DAYS = 35


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: what it counts, and where it stands."""

    label: str
    value: int
    x: float
    width: float
    y: float
    height: float
    labelled: bool

    @property
    def middle(self) -> float:
        """Where its label is centred."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Bars side by side; `top` is the largest value, `total` the sum."""

    bars: list[Bar]
    top: int
    total: int
    height: int = HEIGHT


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Where scores lie, each in percent of the possible points, cut at 0 and 100."""

    low: float
    first: float
    median: float
    third: float
    high: float

    @property
    def box(self) -> float:
        """How wide the middle half is; never too thin to see."""
        return max(round(self.third - self.first, 2), 0.6)

    @property
    def line(self) -> float:
        """How far it is from the lowest to the highest."""
        return round(self.high - self.low, 2)


def bar_chart(counts: Sequence[tuple[str, int]]) -> BarChart | None:
    """Bars for labelled counts, or None where there is nothing to draw."""
    top = max((value for _label, value in counts), default=0)
    if not top:
        return None
    slot = 100 / len(counts)
    gap = min(slot * 0.25, 3)
    every = -(-len(counts) // MOST_LABELS)
    bars = [
        _bar(
            label,
            value,
            x=number * slot + gap / 2,
            width=slot - gap,
            top=top,
            labelled=number % every == 0,
        )
        for number, (label, value) in enumerate(counts)
    ]
    return BarChart(bars=bars, top=top, total=sum(value for _label, value in counts))


def histogram(scores: Sequence[float], *, points: float | None) -> BarChart | None:
    """How many scores lie in each tenth of the possible points (or of the best score)."""
    end = max([points or 0, *scores], default=0)
    if not scores or end <= 0:
        return None
    width = end / 10
    counts = [0] * 10
    for score in scores:
        counts[min(max(int(score / width), 0), 9)] += 1
    labels = [f"{number * width:g}\N{EN DASH}{(number + 1) * width:g}" for number in range(10)]
    return bar_chart(list(zip(labels, counts, strict=True)))


def spread(scores: Sequence[float], *, points: float | None) -> Spread | None:
    """The five figures of a box plot; None without scores or without points to compare them with."""
    if not scores or not points:
        return None
    lowest, highest = min(scores), max(scores)
    if lowest < 0 or highest > points:
        scores = [min(max(score, 0.0), points) for score in scores]
        lowest, highest = min(scores), max(scores)
    middle = quantiles(scores, n=4, method="inclusive") if len(scores) > 1 else [lowest] * 3
    low, first, median, third, high = (
        round(100 * figure / points, 2) for figure in (lowest, *middle, highest)
    )
    return Spread(low=low, first=first, median=median, third=third, high=high)


def over_time(days: Mapping[date, int]) -> BarChart | None:
    """Counts by day, or by week beginning on Monday where there are many days; no gaps between."""
    if not days:
        return None
    first, last = min(days), max(days)
    step = 1 if (last - first).days < MOST_DAYS else 7
    if step == 7:
        first -= timedelta(days=first.weekday())
    slots = [0] * ((last - first).days // step + 1)
    for day, count in days.items():
        slots[(day - first).days // step] += count
    starts = [first + timedelta(days=step * number) for number in range(len(slots))]
    return bar_chart(
        [(f"{day.day} {day:%b}", count) for day, count in zip(starts, slots, strict=True)]
    )


def _bar(label: str, value: int, *, x: float, width: float, top: int, labelled: bool) -> Bar:
    # A single one next to a thousand is still seen.
    height = max(HEIGHT * value / top, 2.0) if value else 0.0
    return Bar(
        label=label,
        value=value,
        x=round(x, 2),
        width=round(width, 2),
        y=round(HEIGHT - height, 1),
        height=round(height, 1),
        labelled=labelled,
    )
