"""The one-time addresses that are open; their tokens are stored as hashes, and not even those are shown."""

from django.contrib import admin
from django.http import HttpRequest

from gradebench.accounts.models import OneTimeAddress


@admin.register(OneTimeAddress)
class OneTimeAddressAdmin(admin.ModelAdmin[OneTimeAddress]):
    """May be deleted, which closes them."""

    exclude = ["token_hash"]
    list_display = ["user", "made_at", "expires_at", "used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """`gradebench adduser` makes them."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: OneTimeAddress | None = None
    ) -> bool:
        """Nobody changes them by hand."""
        return False
