"""Quizzes and their questions as JSON."""

from __future__ import annotations

from gradebench.sandbox.answers.people_rows import Json
from gradebench.sandbox.answers.show import moment, page_url
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import Quiz, QuizGroup, QuizQuestion
from gradebench.sandbox.world.world import World


def quiz_row(world: World, quiz: Quiz, rights: Rights) -> Json:
    """A classic quiz."""
    due = moment(quiz.due_at)
    every_date = {"due_at": due, "unlock_at": None, "lock_at": None}
    row: Json = {
        "id": quiz.id,
        "title": quiz.title,
        "description": quiz.description,
        "quiz_type": quiz.quiz_type,
        "points_possible": quiz.points_possible,
        "question_count": quiz.question_count,
        "assignment_id": quiz.assignment_id,
        "assignment_group_id": quiz.assignment_group_id,
        "published": quiz.published,
        "unpublishable": True,
        "time_limit": quiz.time_limit,
        "allowed_attempts": 1,
        "scoring_policy": "keep_highest",
        "show_correct_answers": True,
        "version_number": 1,
        "section_count": len(world.sections.of("course", quiz.course_id)),
        "visible_to_everyone": True,
        "all_dates": [{"base": True, "title": "Everyone", **every_date}],
        **every_date,
    }
    row |= dict.fromkeys(_QUIZ_OFF, False) | dict.fromkeys(_QUIZ_UNSET)
    row |= _quiz_places(world, quiz)
    row["permissions"] = _quiz_permissions(rights)
    return row | {"can_update": rights.is_staff, "can_unpublish": True}


_QUIZ_OFF = [
    "cant_go_back",
    "has_access_code",
    "important_dates",
    "in_paced_course",
    "locked_for_user",
    "one_question_at_a_time",
    "one_time_results",
    "only_visible_to_overrides",
    "require_lockdown_browser",
    "require_lockdown_browser_for_results",
    "require_lockdown_browser_monitor",
    "show_correct_answers_last_attempt",
    "shuffle_answers",
    "timer_autosubmit_disabled",
]
_QUIZ_UNSET = [
    "access_code",
    "hide_correct_answers_at",
    "hide_results",
    "ip_filter",
    "lockdown_browser_monitor_data",
    "migration_id",
    "post_to_sis",
    "show_correct_answers_at",
]


def _quiz_places(world: World, quiz: Quiz) -> Json:
    path = f"courses/{quiz.course_id}/quizzes/{quiz.id}"
    api = f"api/v1/{path}"
    return {
        "html_url": page_url(world, path),
        "mobile_url": page_url(world, f"{path}?force_user=1&persist_headless=1"),
        "message_students_url": page_url(world, f"{api}/submission_users/message"),
        "quiz_reports_url": page_url(world, f"{api}/reports"),
        "quiz_statistics_url": page_url(world, f"{api}/statistics"),
        "quiz_submission_versions_html_url": page_url(world, f"{path}/submission_versions"),
        "speed_grader_url": page_url(
            world, f"courses/{quiz.course_id}/gradebook/speed_grader?quiz_id={quiz.id}"
        ),
    }


def _quiz_permissions(rights: Rights) -> Json:
    staff = ("create", "delete", "grade", "manage", "manage_assign_to", "preview")
    more = ("read_statistics", "review_grades", "update")
    row: Json = dict.fromkeys([*staff, *more], rights.is_staff)
    return row | {"read": True, "submit": True, "view_answer_audits": False}


def quiz_group_row(quiz: Quiz, group: QuizGroup) -> Json:
    """A pool of questions."""
    return {
        "id": group.id,
        "quiz_id": quiz.id,
        "name": group.name,
        "pick_count": group.pick_count,
        "question_points": group.question_points,
        "position": group.position,
        "assessment_question_bank_id": None,
    }


def quiz_question_row(quiz: Quiz, question: QuizQuestion) -> Json:
    """A question with its answers, whose keys depend on its kind."""
    row: Json = {
        "id": question.id,
        "quiz_id": quiz.id,
        "quiz_group_id": question.group_id,
        "assessment_question_id": question.id,
        "position": question.position,
        "question_name": question.name,
        "question_type": question.kind,
        "question_text": question.text,
        "points_possible": question.points,
        "answers": _ANSWERS.get(question.kind),
        "matches": _MATCHES if question.kind == "matching_question" else None,
    }
    texts = ("correct_comments", "incorrect_comments", "neutral_comments")
    row |= dict.fromkeys([name for text in texts for name in (text, f"{text}_html")], "")
    nulls = ("variables", "formulas", "answer_tolerance", "formula_decimal_places")
    return row | dict.fromkeys([*nulls, "matching_answer_incorrect_matches"])


_PLAIN: Json = {"id": 4601, "comments": "", "comments_html": "", "text": ""}
_NUMBER: Json = {
    "weight": 100,
    "numerical_answer_type": "exact_answer",
    "exact": 6.0,
    "margin": 0.0,
}
_ANSWERS: dict[str, list[Json]] = {
    "multiple_choice_question": [{**_PLAIN, "html": "<p>Yes</p>", "weight": 100}],
    "matching_question": [{**_PLAIN, "left": "Term", "right": "Meaning", "match_id": 774}],
    "numerical_question": [{**_PLAIN, **_NUMBER}],
    "fill_in_multiple_blanks_question": [{**_PLAIN, "blank_id": "word", "weight": 100}],
}
_MATCHES: list[Json] = [{"match_id": 774, "text": "Meaning"}]
