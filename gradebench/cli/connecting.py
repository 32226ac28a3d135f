"""Connects a Canvas."""

from pathlib import Path

from gradebench.canvas.connection import connect
from gradebench.cli import people, screen
from gradebench.cli.secret_file import read_secret


def connect_canvas(url: str, *, token_file: Path, user: str | None, name: str) -> None:
    """Test address and token, keep them, and print the connection's id alone on stdout.

    Raises CanvasError with what is wrong; then nothing was kept.
    """
    token = read_secret(token_file, what="token")
    with people.acting_as(user) as owner:
        integration = connect(user=owner, address=url, token=token, name=name)
    count = integration.courses.filter(gone_at=None).count()
    screen.say(
        f"Connected {integration.canvas_url} as {integration.canvas_user_name}: "
        f"{count} course{'' if count == 1 else 's'}. List them with: gradebench courses"
    )
    screen.answer(str(integration.pk))
