"""What a score was before it changed is kept; what was never otherwise leaves nothing."""

import pytest

from gradebench.canvas.models import CanvasSubmission, Regrade, SyncRun

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def synced(desk):
    assert desk.sync().state == SyncRun.State.COMPLETE
    return desk


def grade(desk, work: CanvasSubmission, score: float) -> None:
    """The teacher grades in Canvas, and a sync reads it."""
    assignment, user = work.assignment.canvas_id, work.user.canvas_id
    desk.canvas.act("grade", assignment=assignment, user=user, score=score)
    assert desk.sync().state == SyncRun.State.COMPLETE


def one(*, graded: bool) -> CanvasSubmission:
    """Somebody's work, handed in alone."""
    rows = CanvasSubmission.objects.filter(
        workflow_state="graded" if graded else "submitted",
        score__isnull=not graded,
        user__enrollments__enrollment_state="active",
        late_policy_status=None,
        assignment__group_category_id=None,
    )
    return rows.select_related("assignment", "user").order_by("pk")[0]


def test_reading_everything_notes_no_change(synced):
    assert CanvasSubmission.objects.filter(score__isnull=False).exists()
    assert synced.sync(full=True).state == SyncRun.State.COMPLETE
    assert list(Regrade.objects.values()) == []


def test_the_first_grade_is_no_change(synced):
    grade(synced, one(graded=False), 3.5)
    assert list(Regrade.objects.values()) == []


def test_a_changed_score_keeps_what_it_was(synced):
    work = one(graded=True)
    assert work.score is not None
    new = work.score + 0.5
    grade(synced, work, new)
    kept = Regrade.objects.get()
    assert kept.submission == work
    assert (kept.score_before, kept.score_after) == (work.score, new)
    grade(synced, work, new + 1)
    scores = Regrade.objects.values_list("score_before", "score_after")
    assert list(scores) == [(new, new + 1), (work.score, new)]
