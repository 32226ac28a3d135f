"""People and teams: does not know that Canvas exists."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """People and teams."""

    name = "gradebench.core"
    label = "core"
    verbose_name = "People and teams"
