"""Keeps what a score or a grade was, when Canvas has another one now."""

from django.utils import timezone

from gradebench.canvas.mirror.rows import BATCH, Saved
from gradebench.canvas.models import CanvasSubmission, Regrade

GRADES = {"score", "grade"}


def note_regrades(saved: Saved) -> None:
    """Note the submissions whose score or grade changed; nothing is asked where none did."""
    before = [
        row
        for key, fields in saved.changed.items()
        if fields & GRADES and isinstance(row := saved.before[key], CanvasSubmission)
    ]
    had_one = {row.pk: row for row in before if not (row.score is None and row.grade is None)}
    if not had_one:
        return
    seen_at = timezone.now()
    now = CanvasSubmission.objects.filter(pk__in=had_one).values_list("pk", "score", "grade")
    Regrade.objects.bulk_create(
        [
            Regrade(
                submission_id=pk,
                seen_at=seen_at,
                score_before=had_one[pk].score,
                score_after=score,
                grade_before=had_one[pk].grade,
                grade_after=grade,
            )
            for pk, score, grade in now
        ],
        batch_size=BATCH,
    )
