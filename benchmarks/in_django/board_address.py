"""Where the board of a set is."""

import msgspec

from benchmarks.in_django import answer, asked


class Wanted(msgspec.Struct, frozen=True):
    """A set of a synced course, by Canvas's id and its name."""

    course_id: int
    set_name: str


def main() -> None:
    """Print the path."""
    wanted = asked(Wanted)
    from django.urls import reverse

    from gradebench.canvas.models import CanvasGroupCategory

    category = CanvasGroupCategory.objects.get(
        course__canvas_id=wanted.course_id, name=wanted.set_name, gone_at=None
    )
    answer(reverse("board", args=[category.course_id, category.pk]))


if __name__ == "__main__":
    main()
