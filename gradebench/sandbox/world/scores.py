"""Submissions: who handed in what, when, and with which score."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from gradebench.sandbox.world.build import Build
from gradebench.sandbox.world.rows import Assignment, Submission, User
from gradebench.sandbox.world.world import World

MISSING, EXCUSED, LATE = 0.035, 0.007, 0.06
REVIEW_WAITS = 0.07  # quizzes with an open question that nobody has read yet
GRADING_DAYS = 6


def blank_submission(world: World, assignment: Assignment, user_id: int) -> Submission:
    """The placeholder that Canvas keeps for every assigned student."""
    return world.submissions.add(
        Submission(
            id=world.new_id("submission"),
            course_id=assignment.course_id,
            assignment_id=assignment.id,
            user_id=user_id,
            created_at=assignment.created_at,
            updated_at=assignment.updated_at,
        )
    )


def show_score(score: float) -> str:
    """A score as Canvas writes a grade: 9, not 9.0."""
    return f"{score:g}"


class Gradebook:
    """Fills the cells of a course: a student's skill, an assignment's difficulty, and some noise."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._world = build.world
        self._random = build.random
        self._team_of = self._teams()

    def _teams(self) -> dict[int, int]:
        category = self._build.main_set
        groups = self._world.groups_of_set(category.id) if category else []
        return {
            member.user_id: group.id for group in groups for member in self._world.members(group.id)
        }

    def fill(self) -> None:
        """A row for every student and published assignment."""
        for assignment in self._world.assignments.of("course", self._build.course.id):
            if assignment.published and not assignment.deleted:
                self._fill_assignment(assignment, self._build.students)

    def _fill_assignment(self, assignment: Assignment, students: Iterable[User]) -> None:
        mean = self._random.uniform(0.64, 0.88)
        team_moods: dict[int, random.Random] = {}
        for student in students:
            row = blank_submission(self._world, assignment, student.id)
            source, skill = self._random, student.skill
            if assignment.group_category_id is not None and student.id in self._team_of:
                row.group_id = team = self._team_of[student.id]
                seed = f"{team}:{assignment.id}"
                source = team_moods.setdefault(team, random.Random(seed))
                source.seed(seed)
                skill = source.gauss(0, 0.7)
            self._fill_cell(row, assignment, source, mean + 0.11 * skill)

    def _fill_cell(
        self, row: Submission, assignment: Assignment, source: random.Random, level: float
    ) -> None:
        due = assignment.due_at or self._world.start
        luck = source.random()
        handed_in = due - timedelta(hours=min(200.0, source.expovariate(1 / 20)))
        if luck < EXCUSED:
            self._excuse(row, due)
            return
        if luck < EXCUSED + MISSING:
            return
        if luck > 1 - LATE:
            handed_in = due + timedelta(hours=source.uniform(0.2, 40))
        if assignment.expects_hand_in:
            self._hand_in(row, assignment, handed_in)
        graded_at = due + timedelta(days=GRADING_DAYS * source.uniform(0.3, 1.0))
        ready = row.submitted_at is not None or not assignment.expects_hand_in
        if row.workflow_state == "pending_review" and luck < REVIEW_WAITS:
            return
        if ready and graded_at < self._world.start:
            score = _score(source, level, assignment.points_possible or 0.0)
            self._grade(row, score, graded_at)

    def _excuse(self, row: Submission, due: datetime) -> None:
        if due < self._world.start:
            row.excused, row.workflow_state = True, "graded"
            row.graded_at = row.posted_at = row.updated_at = due
            row.grader_id = self._build.teacher.id if self._build.teacher else None

    def _hand_in(self, row: Submission, assignment: Assignment, when: datetime) -> None:
        if when > self._world.start:
            return
        kind = assignment.submission_types[0]
        row.submission_type = kind
        row.submitted_at = row.updated_at = when.replace(microsecond=0)
        row.attempt = 1
        row.workflow_state = "pending_review" if kind == "online_quiz" else "submitted"
        if kind == "online_text_entry":
            row.body = "<p>See my notes of this week.</p>"

    def _grade(self, row: Submission, score: float, when: datetime) -> None:
        row.score, row.grade, row.workflow_state = score, show_score(score), "graded"
        row.graded_at = row.posted_at = row.updated_at = when.replace(microsecond=0)
        row.grader_id = self._build.teacher.id if self._build.teacher else None


def _score(source: random.Random, level: float, points: float) -> float:
    share = max(0.0, min(1.0, level + source.gauss(0, 0.08)))
    return round(share * points * 2) / 2
