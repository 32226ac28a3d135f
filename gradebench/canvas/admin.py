"""What operators may look at: connections, courses and runs. The token is nowhere; nothing is edited."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from gradebench.canvas.models import CanvasCourse, CanvasIntegration, SyncRun


class ReadOnly(admin.ModelAdmin[Any]):
    """Rows that the product itself writes: shown, and not changed by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds these by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes these by hand."""
        return False


@admin.register(CanvasIntegration)
class IntegrationAdmin(ReadOnly):
    """Who is connected to which Canvas; may be deleted, with its mirror."""

    exclude = ["api_key"]
    list_display = ["__str__", "user", "canvas_url", "canvas_user_name", "problem", "checked_at"]
    list_filter = ["canvas_url"]
    search_fields = ["canvas_url", "canvas_user_name", "user__username"]
    list_select_related = ["user"]


@admin.register(CanvasCourse)
class CourseAdmin(ReadOnly):
    """Which courses there are, and when they were last read."""

    list_display = ["__str__", "course_code", "integration", "chosen", "synced_at", "gone_at"]
    list_filter = ["chosen", "integration"]
    search_fields = ["name", "course_code", "canvas_id"]
    list_select_related = ["integration"]


@admin.register(SyncRun)
class RunAdmin(ReadOnly):
    """What was run, by which worker, and how it ended."""

    list_display = ["id", "kind", "course", "state", "asked_by", "asked_at", "worker", "requests"]
    list_filter = ["state", "kind"]
    list_select_related = ["course", "asked_by"]
    date_hierarchy = "asked_at"
