"""Who may sign in, and how the first person gets in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may sign in."""

    name = "gradebench.accounts"
    label = "accounts"
    verbose_name = "Accounts"
