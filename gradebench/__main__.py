"""The command `gradebench`, also as `python -m gradebench`."""

import sys

from typer.main import get_command

from gradebench.cli import border
from gradebench.cli.app import app


def main() -> None:
    """Run the command that was typed."""
    sys.excepthook = border.last_word
    with border.border():
        get_command(app)(prog_name="gradebench")


if __name__ == "__main__":
    main()
