"""One-time addresses, by which a person without a password gets in."""

from django.conf import settings
from django.db import models


class OneTimeAddress(models.Model):
    """An address that lets one person in once; only the hash of its token is stored.

    Without a user it is for the very first person, who becomes the operator.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    asks_password = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "one-time addresses"

    def __str__(self) -> str:
        return f"for {self.user or 'the first person'}, until {self.expires_at:%Y-%m-%d %H:%M}"
