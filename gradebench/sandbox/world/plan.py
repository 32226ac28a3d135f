"""The size and shape of a course to be made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CoursePlan:
    """How big a course is. `teams` of the main set hold everybody; `extras` adds the smaller sets."""

    name: str = "Software Engineering Studio"
    code: str = "SWE 310"
    students: int = 600
    sections: int = 6
    teams: int = 120
    assignments: int = 30
    extras: bool = True
    quirks: bool = False
    sis_course_id: str = "SWE310-01"
    days_before: int = 70
    days_after: int = 35
