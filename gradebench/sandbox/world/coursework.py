"""Assignments through a term, their groups, rubrics and quizzes."""

from __future__ import annotations

from datetime import timedelta

from gradebench.sandbox.world.build import Build
from gradebench.sandbox.world.rows import (
    Assignment,
    AssignmentGroup,
    Criterion,
    Quiz,
    QuizGroup,
    QuizQuestion,
    Rubric,
)

HEAPS = [("Homework", 30.0), ("Projects", 40.0), ("Quizzes", 10.0), ("Exams", 20.0)]

# What a term of a studio course looks like: (heap, kind), repeated as long as needed.
PATTERN = [
    ("Homework", "homework"),
    ("Homework", "homework"),
    ("Quizzes", "quiz"),
    ("Projects", "team"),
    ("Homework", "homework"),
    ("Projects", "report"),
    ("Homework", "homework"),
    ("Exams", "exam"),
    ("Projects", "team"),
    ("Homework", "reading"),
]
TITLES = {
    "homework": "Homework {}",
    "quiz": "Quiz {}",
    "team": "Team milestone {}",
    "report": "Personal report {}",
    "exam": "Exam {}",
    "reading": "Reading response {}",
}
POINTS = {"homework": 20, "quiz": 10, "team": 100, "report": 50, "exam": 120, "reading": 5}
TYPES = {
    "homework": ("online_upload", "online_text_entry"),
    "quiz": ("online_quiz",),
    "team": ("online_upload", "online_url"),
    "report": ("online_text_entry",),
    "exam": ("on_paper",),
    "reading": ("online_text_entry",),
}
QUESTION_KINDS = (
    "multiple_choice_question",
    "matching_question",
    "numerical_question",
    "fill_in_multiple_blanks_question",
    "essay_question",
)


def add_coursework(build: Build) -> None:
    """The plan's number of published assignments, with due dates through the term."""
    heaps = _add_heaps(build)
    counts = dict.fromkeys(TITLES, 0)
    for index in range(build.plan.assignments):
        heap, kind = PATTERN[index % len(PATTERN)]
        counts[kind] += 1
        assignment = _add_assignment(build, heaps[heap], kind, counts[kind], index)
        if kind == "quiz":
            _add_quiz(build, assignment)
    if build.plan.quirks:
        _add_practice_quiz(build)


def _add_heaps(build: Build) -> dict[str, AssignmentGroup]:
    heaps = {}
    for position, (name, weight) in enumerate(HEAPS, start=1):
        heap_id = build.world.new_id("assignment_group")
        row = AssignmentGroup(heap_id, build.course.id, name, position, weight)
        heaps[name] = build.world.assignment_groups.add(row)
    return heaps


def _add_assignment(
    build: Build, heap: AssignmentGroup, kind: str, number: int, index: int
) -> Assignment:
    span = build.plan.days_before + build.plan.days_after
    day = 5 + (span - 8) * (index + 1) / build.plan.assignments
    due = (build.term_start + timedelta(days=day)).replace(hour=5, minute=59, second=59)
    title = TITLES[kind].format(number)
    is_team = kind == "team" and build.main_set is not None
    return build.world.assignments.add(
        Assignment(
            id=build.world.new_id("assignment"),
            course_id=build.course.id,
            assignment_group_id=heap.id,
            name=title,
            position=index + 1,
            points_possible=float(POINTS[kind]),
            created_at=build.day(-10),
            updated_at=build.day(-2),
            description=f"<p>{title}: see the brief in the module of that week.</p>",
            due_at=due,
            unlock_at=due - timedelta(days=14),
            submission_types=TYPES[kind],
            group_category_id=build.main_set.id if is_team and build.main_set else None,
            grades_members_individually=is_team and number % 3 == 0,
            rubric=_rubric(build, title, POINTS[kind]) if kind in {"team", "report"} else None,
        )
    )


def _rubric(build: Build, title: str, points: int) -> Rubric:
    criteria = []
    for name, share in [("Substance", 0.5), ("Craft", 0.3), ("Presentation", 0.2)]:
        full = points * share
        ratings = [
            (full, "Excellent"),
            (full * 0.7, "Good"),
            (full * 0.4, "Partial"),
            (0.0, "None"),
        ]
        criteria.append(Criterion(f"_{build.random.randrange(1000, 9999)}", name, full, ratings))
    return Rubric(build.world.new_id("rubric"), f"{title} rubric", criteria)


def _add_quiz(build: Build, assignment: Assignment) -> None:
    quiz = Quiz(
        id=build.world.new_id("quiz"),
        course_id=build.course.id,
        title=assignment.name,
        points_possible=assignment.points_possible or 0.0,
        question_count=2,
        description="<p>Closed book, twenty minutes.</p>",
        assignment_id=assignment.id,
        assignment_group_id=assignment.assignment_group_id,
        due_at=assignment.due_at,
        time_limit=20,
    )
    assignment.quiz_id = build.world.quizzes.add(quiz).id
    add_questions(build, quiz)


def _add_practice_quiz(build: Build) -> None:
    quiz = Quiz(
        id=build.world.new_id("quiz"),
        course_id=build.course.id,
        title="Warm-up, not graded",
        points_possible=0.0,
        question_count=0,
        quiz_type="practice_quiz",
        published=False,
    )
    add_questions(build, build.world.quizzes.add(quiz))


def add_questions(build: Build, quiz: Quiz) -> None:
    """Two pools of questions."""
    for position, name in enumerate(["Vocabulary", "Method"], start=1):
        pool = QuizGroup(build.world.new_id("question"), name, position, 1, 5.0)
        quiz.groups.append(pool)
        for number in (1, 2, 3):
            question_id = build.world.new_id("question")
            text = f"<p>{name}: question {number}</p>"
            kind = QUESTION_KINDS[len(quiz.questions) % len(QUESTION_KINDS)]
            title = f"{name} {number}"
            question = QuizQuestion(question_id, number, title, text, 5.0, kind, pool.id)
            quiz.questions.append(question)
