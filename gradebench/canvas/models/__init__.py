"""Two kinds of rows, never mixed.

*Mirror* rows say what Canvas has; `mirror.py` alone writes them, in Canvas's own words. *Our* rows
say what people want and did. A mirror belongs to one integration, because two tokens see different
things. Canvas's ids are 64-bit and unique within an integration or course, never globally.
"""

from gradebench.canvas.models.course import (
    STUDENT_TYPES,
    CanvasCourse,
    CanvasEnrollment,
    CanvasIntegration,
    CanvasSection,
    CanvasUser,
    CourseRow,
    MirrorRow,
)
from gradebench.canvas.models.coursework import (
    CanvasAssignment,
    CanvasQuiz,
    CanvasRubric,
    CanvasSubmission,
    Regrade,
)
from gradebench.canvas.models.groups import (
    CanvasGroup,
    CanvasGroupCategory,
    CanvasGroupMembership,
)
from gradebench.canvas.models.ours import (
    AgreedTeam,
    BoardLock,
    GroupPlan,
    Placement,
    PlannedWrite,
    SyncRun,
)

__all__ = [
    "STUDENT_TYPES",
    "AgreedTeam",
    "BoardLock",
    "CanvasAssignment",
    "CanvasCourse",
    "CanvasEnrollment",
    "CanvasGroup",
    "CanvasGroupCategory",
    "CanvasGroupMembership",
    "CanvasIntegration",
    "CanvasQuiz",
    "CanvasRubric",
    "CanvasSection",
    "CanvasSubmission",
    "CanvasUser",
    "CourseRow",
    "GroupPlan",
    "MirrorRow",
    "Placement",
    "PlannedWrite",
    "Regrade",
    "SyncRun",
]
