"""Group sets as CSV: the export, and the import in a job."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

from gradebench.sandbox.answers.find import category_named
from gradebench.sandbox.answers.group_rows import placed, progress_row
from gradebench.sandbox.answers.groups import category_rights
from gradebench.sandbox.answers.invalid import refuse_protected
from gradebench.sandbox.answers.jobs import new_job
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, refuse
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.changes import join, leave_set
from gradebench.sandbox.world.jobs import JobFailed
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import Group, GroupCategory, User
from gradebench.sandbox.world.world import World

COLUMNS = ["name", "canvas_user_id", "user_id", "login_id", "sections", "group_name"]
GROUP_COLUMNS = ["canvas_group_id", "group_id"]


@route(
    "GET",
    "/api/v1/group_categories/:category_id/export",
    "/api/v1/group_categories/:category_id/export.csv",
)
def export_category(request: Request) -> Answer:
    """One line for each current student, with their group if they have one."""
    category = category_named(request)
    rights = category_rights(request, category, "manage")
    text = _export(request.world, category, rights)
    disposition = ("content-disposition", f'attachment; filename="{category.id}.csv"')
    return Answer(200, text.encode(), "text/csv; charset=utf-8", (disposition,))


def _export(world: World, category: GroupCategory, rights: Rights) -> str:
    where = placed(world, category)
    students = [world.users[user_id] for user_id in world.current_students(category.course_id)]
    out = io.StringIO()
    columns = COLUMNS + (GROUP_COLUMNS if where else [])
    if not rights.can("read_sis"):
        columns = [name for name in columns if name not in {"user_id", "group_id"}]
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    for user in sorted(students, key=lambda row: (row.sortable_name.casefold(), row.id)):
        group = world.groups[where[user.id]] if user.id in where else None
        writer.writerow(_line(world, category, user, group))
    return out.getvalue()


def _line(
    world: World, category: GroupCategory, user: User, group: Group | None
) -> dict[str, object]:
    places = world.enrollments_in(category.course_id, user.id)
    return {
        "name": user.sortable_name,
        "canvas_user_id": user.id,
        "user_id": user.sis_user_id,
        "login_id": user.login_id,
        "sections": ", ".join(world.sections[row.section_id].name for row in places),
        "group_name": group.name if group else None,
        "canvas_group_id": group.id if group else None,
        "group_id": group.sis_group_id if group else None,
    }


@route("POST", "/api/v1/group_categories/:category_id/import")
def import_category(request: Request) -> Answer:
    """Move everybody that the file lists; who is not listed stays."""
    category = category_named(request)
    category_rights(request, category, "add")
    if category.is_protected and category.role != "student_organized":
        refuse_protected()
    content = _uploaded(request)
    context = ("GroupCategory", category.id)
    job = new_job(request, "course_group_import", context=context, course_id=category.course_id)
    world = request.world
    request.jobs.start(world, job, lambda: Import(world, category).run(content))
    return in_json(progress_row(world, job))


def _uploaded(request: Request) -> bytes:
    if "attachment" in request.files:
        return request.files["attachment"].content
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind not in {"text/csv", "text/plain"}:
        refuse(400, {"errors": [{"message": "attachment is missing"}]})
    return request.body


@dataclass
class Import:
    """One import into a set. Limits, sections and leaders are not looked at."""

    world: World
    category: GroupCategory

    def run(self, content: bytes) -> str:
        """Do it; returns the job's message, raises JobFailed with it."""
        try:
            text = content.decode("utf-8-sig")
            lines = list(csv.DictReader(io.StringIO(text), strict=True))
        except UnicodeDecodeError:
            raise JobFailed(_message(0, 0, "Invalid UTF-8")) from None
        except csv.Error:
            raise JobFailed(_message(0, 0, "Malformed CSV")) from None
        groups, users = set(), set()
        for line in lines:
            user, group = self._user(line), self._group(line)
            if user is None or group is None or user.id in users:
                continue
            leave_set(self.world, self.category, user.id)
            join(self.world, group, user.id)
            users.add(user.id)
            groups.add(group.id)
        return _message(len(groups), len(users), None)

    def _user(self, line: dict[str, str]) -> User | None:
        """By the first column that says anything: Canvas id, SIS id, login."""
        students = [
            self.world.users[user_id]
            for user_id in self.world.current_students(self.category.course_id)
        ]
        if number := line.get("canvas_user_id"):
            return next((user for user in students if str(user.id) == number), None)
        if sis := line.get("user_id"):
            return next((user for user in students if user.sis_user_id == sis), None)
        login = (line.get("login_id") or "-").lower()
        return next((user for user in students if (user.login_id or "").lower() == login), None)

    def _group(self, line: dict[str, str]) -> Group | None:
        number, sis, name = (
            line.get(name) or "" for name in ("canvas_group_id", "group_id", "group_name")
        )
        for group in self.world.groups.of("category", self.category.id):
            if (number and str(group.id) == number) or (sis and group.sis_group_id == sis):
                group.deleted = False
                return group
        for group in self.world.groups_of_set(self.category.id):
            if name and group.name == name:
                return group
        return self._new_group(name) if name else None

    def _new_group(self, name: str) -> Group:
        world = self.world
        return world.groups.add(
            Group(
                id=world.new_id("group"),
                course_id=self.category.course_id,
                category_id=self.category.id,
                name=name,
                created_at=world.now(),
                max_membership=self.category.group_limit,
            )
        )


def _message(groups: int, users: int, error: str | None) -> str:
    counts = {"type": "import_groups", "groups": groups, "users": users}
    return json.dumps({**counts, "error": error})
