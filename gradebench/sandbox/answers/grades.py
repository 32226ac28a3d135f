"""A student's total in a course."""

from __future__ import annotations

from gradebench.sandbox.world.world import World


def course_scores(world: World, course_id: int, user_id: int) -> tuple[float | None, float | None]:
    """Current (graded work only) and final (the rest counts as zero) score in percent."""
    earned = possible = every = 0.0
    for row in world.submissions.of("student", (course_id, user_id)):
        assignment = world.assignments[row.assignment_id]
        if assignment.deleted or assignment.omit_from_final_grade or row.excused:
            continue
        points = assignment.points_possible or 0.0
        every += points
        if row.workflow_state == "graded" and row.score is not None:
            earned += row.score
            possible += points
    if not possible:
        return None, None
    return round(earned / possible * 100, 2), round(earned / every * 100, 2)
