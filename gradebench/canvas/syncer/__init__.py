"""In which order a course is read, and when it is complete."""

from gradebench.canvas.syncer.syncer import CanvasSyncer

__all__ = ["CanvasSyncer"]
