"""The script that a user writes who wants a whole course: `canvasapi`, one request after another.

It reads what a sync reads, with 100 rows a page, and keeps nothing. The token comes on stdin:
`python -m benchmarks.canvasapi_script URL COURSE_ID < token`
"""

import json
import sys
import warnings
from collections.abc import Iterator

from canvasapi import Canvas  # type: ignore[import-untyped]
from canvasapi.course import Course  # type: ignore[import-untyped]

PER_PAGE = 100
STATES = ["active", "invited", "inactive", "completed", "rejected", "deleted"]


def read_course(course: Course) -> Iterator[tuple[str, int]]:
    """Read every part of the course; yields its name and how many rows it has."""
    yield "sections", len(list(course.get_sections(per_page=PER_PAGE)))
    yield "users", len(list(course.get_users(per_page=PER_PAGE, include=["email"])))
    yield "enrollments", len(list(course.get_enrollments(per_page=PER_PAGE, state=STATES)))
    assignments = list(course.get_assignments(per_page=PER_PAGE))
    yield "assignments", len(assignments)
    yield "quizzes", len(list(course.get_quizzes(per_page=PER_PAGE)))
    yield (
        "submissions",
        sum(len(list(one.get_submissions(per_page=PER_PAGE))) for one in assignments),
    )
    sets = list(course.get_group_categories(per_page=PER_PAGE))
    yield "group_categories", len(sets)
    groups = [group for one in sets for group in one.get_groups(per_page=PER_PAGE)]
    yield "groups", len(groups)
    yield (
        "memberships",
        sum(len(list(group.get_memberships(per_page=PER_PAGE))) for group in groups),
    )


def main() -> None:
    """Read the course that the command line names, and print the counts as JSON."""
    # The library warns about plain HTTP, which is all that a server on this machine needs.
    warnings.filterwarnings("ignore", message="Canvas may respond unexpectedly")
    address, course_id = sys.argv[1], int(sys.argv[2])
    canvas = Canvas(address, sys.stdin.read().strip())
    courses = len(list(canvas.get_courses(per_page=PER_PAGE)))
    course = canvas.get_course(course_id)
    print(json.dumps({"courses": courses, **dict(read_course(course))}))


if __name__ == "__main__":
    main()
