"""The sandbox's own side doors: the web page, the ground truth, and what other people do meanwhile."""

from importlib import import_module

DOORS = ("controls", "people_acts", "group_acts", "course_acts", "oauth", "pages")


def register() -> None:
    """Make every door and every act known."""
    for name in DOORS:
        import_module(f"{__name__}.{name}")
