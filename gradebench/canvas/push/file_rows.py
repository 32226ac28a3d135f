"""The file of an import that a plan sends."""

import csv
import io
from collections.abc import Mapping

from gradebench.canvas.push.writes import GroupIds, ImportMembers


def import_file(write: ImportMembers, ids: GroupIds, names: Mapping[int, str]) -> bytes:
    """The CSV: groups by id, or all by name where the import makes new ones."""
    by_name = bool(write.creates)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["canvas_user_id", "group_name" if by_name else "canvas_group_id"])
    for user, team in write.places:
        rows.writerow([user, names[team] if by_name else ids[team]])
    return text.getvalue().encode()
