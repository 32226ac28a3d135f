"""Names for new teams, going on from those that a set has."""

from gradebench.canvas.models import CanvasGroupCategory
from gradebench.core.models import Team

DIGITS = "0123456789"


def next_names(category: CanvasGroupCategory, count: int) -> list[str]:
    """“Team 7”, “Team 8” after “Team 6”: the word of the highest number, else the set's name.

    Teams that were deleted keep their numbers, so that a name never means two teams.
    """
    names = Team.objects.filter(team_set=category.team_set_id).values_list("name", flat=True)
    numbered = [(int(number), word) for word, number in map(_split, names) if number]
    highest, word = max(numbered, default=(0, f"{category.name} "))
    return [f"{word}{highest + step}" for step in range(1, count + 1)]


def _split(name: str) -> tuple[str, str]:
    word = name.rstrip(DIGITS)
    return word, name[len(word) :]
