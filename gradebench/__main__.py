"""The command `gradebench`, also as `python -m gradebench`."""

import sys

from gradebench.cli import border
from gradebench.cli.app import app


def main() -> None:
    """Run the command that was typed."""
    sys.excepthook = border.last_word
    with border.border():
        app(prog_name="gradebench")


if __name__ == "__main__":
    main()
