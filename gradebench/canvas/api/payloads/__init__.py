"""What Canvas answers, reduced to the fields we read."""

from gradebench.canvas.api.payloads.base import (
    Answer,
    BadItem,
    Maybe,
    When,
    known,
)
from gradebench.canvas.api.payloads.courses import (
    Course,
    CoursePermissions,
    OwnEnrollment,
    Section,
    Term,
)
from gradebench.canvas.api.payloads.coursework import (
    Assignment,
    AssignmentGroup,
    Quiz,
    QuizGroup,
    QuizQuestion,
    RubricCriterion,
    RubricRating,
    RubricSettings,
)
from gradebench.canvas.api.payloads.groups import (
    AssignedGroup,
    Done,
    Group,
    GroupCategory,
    Leader,
    Membership,
    NewMember,
    RemovedMembers,
)
from gradebench.canvas.api.payloads.people import (
    Enrollment,
    Grades,
    Person,
    Profile,
    User,
)
from gradebench.canvas.api.payloads.progress import (
    Progress,
)
from gradebench.canvas.api.payloads.submissions import (
    GradedSubmission,
    StudentSubmissions,
    Submission,
    SubmissionGroup,
)

__all__ = [
    "Answer",
    "AssignedGroup",
    "Assignment",
    "AssignmentGroup",
    "BadItem",
    "Course",
    "CoursePermissions",
    "Done",
    "Enrollment",
    "GradedSubmission",
    "Grades",
    "Group",
    "GroupCategory",
    "Leader",
    "Maybe",
    "Membership",
    "NewMember",
    "OwnEnrollment",
    "Person",
    "Profile",
    "Progress",
    "Quiz",
    "QuizGroup",
    "QuizQuestion",
    "RemovedMembers",
    "RubricCriterion",
    "RubricRating",
    "RubricSettings",
    "Section",
    "StudentSubmissions",
    "Submission",
    "SubmissionGroup",
    "Term",
    "User",
    "When",
    "known",
]
