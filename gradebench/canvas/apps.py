"""The Canvas mirror, its syncs and its pushes."""

from django.apps import AppConfig


class CanvasConfig(AppConfig):
    """The Canvas mirror, its syncs and its pushes."""

    name = "gradebench.canvas"
    label = "canvas"
    verbose_name = "Canvas"
