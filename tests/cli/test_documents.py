"""What the documents promise."""

import re
from pathlib import Path

from gradebench.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
READS = re.compile(r'(?:environ(?:\.get\(|\[)|_flag\(|_words\(|_number\()\s*"([A-Z_]+)"')


def test_every_variable_that_is_read_is_documented() -> None:
    read = {
        name
        for file in (ROOT / "gradebench").rglob("*.py")
        if "sandbox" not in file.parts
        for name in READS.findall(file.read_text())
    }
    assert {"GRADEBENCH_HOME", "GRADEBENCH_KEYS", "GRADEBENCH_MAX_IN_FLIGHT"} <= read
    described = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.M)
    )
    assert read | {"DATABASE_URL", "GRADEBENCH_PYTHON"} <= described


def test_every_documented_command_exists() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}
    commands |= {group.name for group in app.registered_groups}
    for name in ("README.md", "docs/operations.md"):
        text = (ROOT / name).read_text()
        used = set(re.findall(r"(?:bin/|`|^)gradebench ([a-z]+)", text, re.MULTILINE))
        assert used <= commands, name


def test_links_in_the_documents_lead_somewhere() -> None:
    for name in ("README.md", "docs/operations.md", "docs/settings.md"):
        file = ROOT / name
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text()):
            assert (file.parent / target).exists(), f"{name}: {target}"
