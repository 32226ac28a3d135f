"""Sorts names as people do."""


def natural(name: str) -> list[tuple[int, str]]:
    """A key that puts “Team 2” before “Team 10”."""
    parts: list[tuple[int, str]] = []
    digits = ""
    for character in f"{name.casefold()}\0":
        if character.isdecimal():
            digits += character
            continue
        if digits:
            parts.append((int(digits), ""))
            digits = ""
        parts.append((-1, character))
    return parts
