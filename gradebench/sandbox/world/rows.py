"""The things a Canvas holds, as plain rows. Times are aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

STUDENT = "StudentEnrollment"
TEST_STUDENT = "StudentViewEnrollment"
TEACHER = "TeacherEnrollment"
ASSISTANT = "TaEnrollment"
DESIGNER = "DesignerEnrollment"
OBSERVER = "ObserverEnrollment"

CURRENT = frozenset({"active", "invited", "creation_pending"})
UNCONFIRMED = frozenset({"invited", "creation_pending", "rejected"})


@dataclass(slots=True)
class User:
    """A person; `skill` is what the score generator drew for them (about -2 to 2)."""

    id: int
    name: str
    sortable_name: str
    short_name: str
    created_at: datetime
    login_id: str | None = None
    email: str | None = None
    sis_user_id: str | None = None
    integration_id: str | None = None
    pronouns: str | None = None
    time_zone: str = "America/Denver"
    is_test_student: bool = False
    skill: float = 0.0
    nicknames: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Course:
    """A course; `workflow_state` is unpublished, available, completed or deleted."""

    id: int
    name: str
    course_code: str
    created_at: datetime
    uuid: str
    workflow_state: str = "available"
    sis_course_id: str | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    time_zone: str = "America/Denver"
    syllabus_body: str | None = None
    restricted_by_date: bool = False


@dataclass(slots=True)
class Section:
    """A section of a course."""

    id: int
    course_id: int
    name: str
    created_at: datetime
    sis_section_id: str | None = None


@dataclass(slots=True)
class Enrollment:
    """One person's place in one section in one role; `state` is Canvas's raw workflow state."""

    id: int
    course_id: int
    section_id: int
    user_id: int
    type: str
    created_at: datetime
    updated_at: datetime
    state: str = "active"
    limited_to_section: bool = False
    associated_user_id: int | None = None
    last_activity_at: datetime | None = None
    total_activity_time: int = 0

    @property
    def is_student(self) -> bool:
        """Whether the row is a student's, the test student included."""
        return self.type in {STUDENT, TEST_STUDENT}


@dataclass(slots=True)
class AssignmentGroup:
    """A weighted heap of assignments."""

    id: int
    course_id: int
    name: str
    position: int
    weight: float = 0.0


@dataclass(slots=True)
class Criterion:
    """One line of a rubric; ratings are (points, description) from best to worst."""

    id: str
    description: str
    points: float
    ratings: list[tuple[float, str]]


@dataclass(slots=True)
class Rubric:
    """A rubric attached to an assignment."""

    id: int
    title: str
    criteria: list[Criterion]

    @property
    def points_possible(self) -> float:
        return sum(criterion.points for criterion in self.criteria)


@dataclass(slots=True)
class Assignment:
    """An assignment; a `group_category_id` makes it group work."""

    id: int
    course_id: int
    assignment_group_id: int
    name: str
    position: int
    points_possible: float | None
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    due_at: datetime | None = None
    unlock_at: datetime | None = None
    lock_at: datetime | None = None
    grading_type: str = "points"
    submission_types: tuple[str, ...] = ("online_upload",)
    group_category_id: int | None = None
    grades_members_individually: bool = False
    published: bool = True
    deleted: bool = False
    anonymous_grading: bool = False
    omit_from_final_grade: bool = False
    quiz_id: int | None = None
    rubric: Rubric | None = None

    @property
    def expects_hand_in(self) -> bool:
        """Whether students hand something in, which is what can be missing."""
        return not set(self.submission_types) <= {"none", "on_paper", "not_graded"}


@dataclass(slots=True)
class Submission:
    """One student's row for one assignment; `row` keeps its encoded JSON until something changes."""

    id: int
    course_id: int
    assignment_id: int
    user_id: int
    created_at: datetime
    updated_at: datetime
    workflow_state: str = "unsubmitted"
    score: float | None = None
    grade: str | None = None
    excused: bool | None = None
    attempt: int | None = None
    submission_type: str | None = None
    submitted_at: datetime | None = None
    body: str | None = None
    graded_at: datetime | None = None
    grader_id: int | None = None
    grade_matches_current_submission: bool = True
    posted_at: datetime | None = None
    late_policy_status: str | None = None
    points_deducted: float | None = None
    group_id: int | None = None
    comments: list[dict[str, str | int]] = field(default_factory=list)
    row: msgspec.Raw | None = None

    def touch(self, now: datetime) -> None:
        """Note that the row changed."""
        self.updated_at = now
        self.row = None


@dataclass(slots=True)
class QuizQuestion:
    """A question of a quiz, inside one of its groups."""

    id: int
    position: int
    name: str
    text: str
    points: float
    kind: str = "essay_question"
    group_id: int | None = None


@dataclass(slots=True)
class QuizGroup:
    """A pool of questions of which a quiz picks some."""

    id: int
    name: str
    position: int
    pick_count: int
    question_points: float


@dataclass(slots=True)
class Quiz:
    """A classic quiz; graded ones have an assignment."""

    id: int
    course_id: int
    title: str
    points_possible: float
    question_count: int
    description: str | None = None
    quiz_type: str = "assignment"
    assignment_id: int | None = None
    assignment_group_id: int | None = None
    due_at: datetime | None = None
    published: bool = True
    time_limit: int | None = None
    questions: list[QuizQuestion] = field(default_factory=list)
    groups: list[QuizGroup] = field(default_factory=list)


@dataclass(slots=True)
class GroupCategory:
    """A group set; `role` is null for sets that people made themselves."""

    id: int
    course_id: int
    name: str
    created_at: datetime
    role: str | None = None
    self_signup: str | None = None
    self_signup_end_at: datetime | None = None
    group_limit: int | None = None
    auto_leader: str | None = None
    non_collaborative: bool = False
    sis_group_category_id: str | None = None
    deleted_at: datetime | None = None

    @property
    def allows_multiple_memberships(self) -> bool:
        return self.role == "student_organized" or self.non_collaborative

    @property
    def is_protected(self) -> bool:
        return self.role not in {None, "imported"}


@dataclass(slots=True)
class Group:
    """A group of a set."""

    id: int
    course_id: int
    category_id: int
    name: str
    created_at: datetime
    description: str | None = None
    join_level: str = "invitation_only"
    is_public: bool = False
    max_membership: int | None = None
    leader_id: int | None = None
    sis_group_id: str | None = None
    deleted: bool = False


@dataclass(slots=True)
class Membership:
    """A student's place in a group; deleted rows stay, because a new place gets a new id."""

    id: int
    group_id: int
    user_id: int
    created_at: datetime
    workflow_state: str = "accepted"
    moderator: bool = False


@dataclass(slots=True)
class Progress:
    """A job in the background, as Canvas shows it."""

    id: int
    course_id: int
    context_type: str
    context_id: int
    tag: str
    created_at: datetime
    updated_at: datetime
    user_id: int | None = None
    completion: float | None = None
    workflow_state: str = "queued"
    message: str | None = None


@dataclass(slots=True)
class Token:
    """An access token; `scopes` of None means everything its user may do."""

    value: str
    user_id: int
    role: str
    scopes: frozenset[str] | None = None
    includes_allowed: bool = True
    expires_at: datetime | None = None
    permanent_expiry: bool = True
    revoked: bool = False
    refresh_token: str | None = None
    client_id: str | None = None
