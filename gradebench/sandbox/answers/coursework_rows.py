"""Assignments and assignment groups as JSON."""

from __future__ import annotations

from gradebench.sandbox.answers.people_rows import Json
from gradebench.sandbox.answers.show import moment, page_url
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import (
    Assignment,
    AssignmentGroup,
    Criterion,
    Rubric,
)
from gradebench.sandbox.world.world import World


def assignment_row(world: World, assignment: Assignment, rights: Rights) -> Json:
    """An assignment of section 10.2's shape."""
    row = _what(assignment) | _how(assignment) | _where(world, assignment)
    submissions = world.submissions.of("assignment", assignment.id)
    row |= {
        "has_submitted_submissions": any(item.submitted_at is not None for item in submissions),
        "graded_submissions_exist": any(item.workflow_state == "graded" for item in submissions),
    }
    if assignment.quiz_id is not None:
        row["quiz_id"] = assignment.quiz_id
    if rights.can("manage_grades"):
        waiting = [item for item in submissions if item.workflow_state in _WAITING]
        row["needs_grading_count"] = len(waiting)
    if rights.can("manage_assignments_edit"):
        graded_or_handed_in = row["has_submitted_submissions"]
        row |= {"has_overrides": False, "unpublishable": not graded_or_handed_in}
    if rights.can("read_sis"):
        row |= {"sis_assignment_id": None, "integration_id": None, "integration_data": {}}
    if assignment.rubric is not None:
        row |= _rubric(assignment.rubric)
    return row


_WAITING = frozenset({"submitted", "pending_review"})


def _what(assignment: Assignment) -> Json:
    return {
        "id": assignment.id,
        "name": assignment.name,
        "description": assignment.description,
        "course_id": assignment.course_id,
        "position": assignment.position,
        "points_possible": assignment.points_possible,
        "grading_type": assignment.grading_type,
        "grading_standard_id": None,
        "created_at": moment(assignment.created_at),
        "updated_at": moment(assignment.updated_at),
        "due_at": moment(assignment.due_at),
        "unlock_at": moment(assignment.unlock_at),
        "lock_at": moment(assignment.lock_at),
        "assignment_group_id": assignment.assignment_group_id,
        "submission_types": list(assignment.submission_types),
        "allowed_attempts": -1,
        "group_category_id": assignment.group_category_id,
        "grade_group_students_individually": assignment.grades_members_individually,
        "published": assignment.published,
        "workflow_state": "published" if assignment.published else "unpublished",
        "anonymous_grading": assignment.anonymous_grading,
        "anonymize_students": assignment.anonymous_grading,
        "omit_from_final_grade": assignment.omit_from_final_grade,
        "is_quiz_assignment": assignment.quiz_id is not None,
    }


def _how(assignment: Assignment) -> Json:
    """Settings that no sandbox course uses, at Canvas's defaults."""
    off = dict.fromkeys(
        [
            "peer_reviews",
            "anonymous_peer_reviews",
            "automatic_peer_reviews",
            "intra_group_peer_reviews",
            "moderated_grading",
            "anonymous_instructor_annotations",
            "graders_anonymous_to_graders",
            "hide_in_gradebook",
            "post_manually",
            "post_to_sis",
            "muted",
            "only_visible_to_overrides",
            "in_closed_grading_period",
            "locked_for_user",
            "due_date_required",
            "important_dates",
            "restrict_quantitative_data",
            "require_lockdown_browser",
            "new_quizzes_anonymous_participants",
            "suppress_assignment",
        ],
        False,
    )
    unset = dict.fromkeys(
        [
            "final_grader_id",
            "annotatable_attachment_id",
            "peer_reviews_assign_at",
            "original_assignment_id",
            "original_assignment_name",
            "original_course_id",
            "original_lti_resource_link_id",
            "original_quiz_id",
        ]
    )
    return {
        **off,
        **unset,
        "grader_count": 0,
        "peer_review_count": 0,
        "max_name_length": 255,
        "visible_to_everyone": True,
        "can_duplicate": assignment.quiz_id is None,
        "grader_comments_visible_to_graders": True,
        "grader_names_visible_to_final_grader": True,
    }


def _where(world: World, assignment: Assignment) -> Json:
    course, number = f"courses/{assignment.course_id}", assignment.id
    return {
        "html_url": page_url(world, f"{course}/assignments/{number}"),
        "submissions_download_url": page_url(
            world, f"{course}/assignments/{number}/submissions?zip=1"
        ),
        "speed_grader_url": page_url(
            world, f"{course}/gradebook/speed_grader?assignment_id={number}"
        ),
        "lti_context_id": f"context-{number}",
        "secure_params": f"secure-{number}",
    }


def _rubric(rubric: Rubric) -> Json:
    return {
        "use_rubric_for_grading": False,
        "rubric_settings": {
            "id": rubric.id,
            "title": rubric.title,
            "points_possible": rubric.points_possible,
            "free_form_criterion_comments": False,
            "hide_score_total": False,
            "hide_points": False,
        },
        "rubric": [_criterion(criterion) for criterion in rubric.criteria],
    }


def _criterion(criterion: Criterion) -> Json:
    ratings = [
        {"id": f"{criterion.id}_{number}", "points": points, "description": text}
        | {"long_description": ""}
        for number, (points, text) in enumerate(criterion.ratings)
    ]
    return {
        "id": criterion.id,
        "points": criterion.points,
        "description": criterion.description,
        "long_description": "",
        "criterion_use_range": False,
        "ignore_for_scoring": False,
        "ratings": ratings,
    }


def assignment_group_row(group: AssignmentGroup) -> Json:
    """An assignment group, without its assignments."""
    return {
        "id": group.id,
        "name": group.name,
        "position": group.position,
        "group_weight": group.weight,
        "sis_source_id": None,
        "integration_data": {},
        "rules": {},
    }
