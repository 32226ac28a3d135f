"""Pages for people: what Canvas would show, and buttons for what others do there."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode

from gradebench.sandbox.control.acts import ActError, perform
from gradebench.sandbox.control.doors import Knock, door
from gradebench.sandbox.wire.exchange import Answer, in_html
from gradebench.sandbox.wire.site import Site
from gradebench.sandbox.world.rows import STUDENT, Course, Group, GroupCategory, User
from gradebench.sandbox.world.world import World

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #b3261e; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
header { background: #394b58; color: #fff; padding: .6rem 1rem; }
header a { color: #fff; font-weight: 600; text-decoration: none; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
ul { padding: 0; list-style: none; }
.cards { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
.card, .acts form { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; }
.card h3 { margin: 0 0 .4rem; font-size: 1rem; }
.card li { display: flex; gap: .4rem; align-items: center; justify-content: space-between; }
.acts { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; }
.note { background: var(--soft); border-radius: .5rem; padding: .5rem .9rem; }
.quiet { opacity: .7; font-size: .9rem; }
button, select, input { font: inherit; font-size: .9rem; max-width: 14rem; }
button.risk { color: var(--accent); }
"""


@door("GET", "/style.css")
def style(_: Site, __: Knock) -> Answer:
    """The style sheet."""
    return Answer(200, STYLE.encode(), "text/css; charset=utf-8")


def page(title: str, *parts: str, note: str = "") -> Answer:
    """A whole page around `parts`, which are HTML."""
    said = f'<p class="note" role="status">{escape(note)}</p>' if note else ""
    return in_html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} · Sandbox Canvas</title><link rel="stylesheet" href="/style.css">'
        '</head><body><header><a href="/">Sandbox Canvas</a></header>'
        f"<main><h1>{escape(title)}</h1>{said}{''.join(parts)}</main></body></html>"
    )


def link(where: str, text: str) -> str:
    return f'<a href="{escape(where)}">{escape(text)}</a>'


def act_form(
    verb: str, button: str, back: str, *fields: str, risky: bool = False, **hidden: object
) -> str:
    """A form that performs one act and comes back."""
    values = {"verb": verb, "back": back, **hidden}
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(str(value))}">'
        for name, value in values.items()
    )
    kind = ' class="risk"' if risky else ""
    body = f"{inputs}{''.join(fields)}<button{kind}>{escape(button)}</button>"
    return f'<form method="post" action="/do">{body}</form>'


def choice(name: str, label: str, options: Iterable[tuple[int, str]]) -> str:
    """A drop-down of (id, text)."""
    rows = "".join(f'<option value="{value}">{escape(text)}</option>' for value, text in options)
    return f'<label>{escape(label)} <select name="{name}">{rows}</select></label> '


def text_field(name: str, label: str) -> str:
    return f'<label>{escape(label)} <input name="{name}" required></label> '


@door("POST", "/do")
def do(site: Site, knock: Knock) -> Answer:
    """Perform the act of a form, and go back with a note."""
    told: dict[str, object] = {**knock.params.values}
    told.pop("back", None)
    verb = str(told.pop("verb", ""))
    back = knock.params.text("back") or "/"
    try:
        done = perform(site.world, verb, told)
    except ActError as error:
        return page("That did not work", f"<p>{escape(str(error))}</p>", link("/", "Back"))
    where = back if back.startswith("/") and not back.startswith("//") else "/"
    said = {"did": verb.replace("_", " "), "who": str(done.get("name") or "")}
    headers = (("location", f"{where}?{urlencode(said)}"),)
    return Answer(303, b"", "text/html; charset=utf-8", headers)


def note_of(knock: Knock) -> str:
    """What the page says about the act that led to it."""
    did, who = knock.params.text("did"), knock.params.text("who")
    return f"Done: {did}{f' ({who})' if who else ''}." if did else ""


@door("GET", "/")
def show_courses(site: Site, knock: Knock) -> Answer:
    """The courses, and where the controls are."""
    cards = "".join(_course_card(site.world, course) for course in site.world.courses)
    hint = (
        "<p>A Canvas for demonstrations and tests. What you change here, others did in Canvas.</p>"
    )
    return page("Courses", hint, f'<ul class="cards">{cards}</ul>', note=note_of(knock))


def _course_card(world: World, course: Course) -> str:
    students = len(world.current_students(course.id))
    facts = f"{course.course_code} · {students} students · {course.workflow_state}"
    title = link(f"/courses/{course.id}", course.name)
    return f'<li class="card"><h3>{title}</h3><span class="quiet">{escape(facts)}</span></li>'


@door("GET", "/courses/*")
def show_course(site: Site, knock: Knock) -> Answer:
    """A course's people and sets; with /sets/ID one set's groups."""
    world, parts = site.world, knock.path.strip("/").split("/")
    numbers = [int(part) for part in parts if part.isdigit()]
    course = world.courses.find(numbers[0]) if numbers else None
    if course is None:
        return page("Not found", link("/", "All courses"))
    if len(numbers) > 1 and parts[2] == "sets" and numbers[1] in world.categories:
        return _set_page(world, course, world.categories[numbers[1]], note=note_of(knock))
    return _course_page(world, course, note=note_of(knock))


def _students(world: World, course: Course) -> list[User]:
    ids = {
        row.user_id
        for row in world.enrollments.of("course", course.id)
        if row.type == STUDENT and row.state == "active"
    }
    return sorted((world.users[user_id] for user_id in ids), key=lambda user: user.sortable_name)


def _course_page(world: World, course: Course, *, note: str) -> Answer:
    back = f"/courses/{course.id}"
    students = [(user.id, user.sortable_name) for user in _students(world, course)]
    sections = [(row.id, row.name) for row in world.sections.of("course", course.id)]
    who, where = choice("user", "Student", students), choice("section", "Section", sections)
    forms = [
        act_form("add_student", "A late student joins", back, where, course=course.id),
        act_form("drop_student", "drops the course", back, who, course=course.id, risky=True),
        act_form("move_section", "changes section", back, who, where, course=course.id),
        act_form("conclude_student", "is concluded", back, who, course=course.id),
        act_form("create_set", "New group set", back, text_field("name", "Name"), course=course.id),
    ]
    sets = "".join(_set_card(world, row) for row in world.sets_of_course(course.id))
    return page(
        course.name,
        f'<div class="acts">{"".join(forms)}</div>',
        f'<h2>Group sets</h2><ul class="cards">{sets}</ul>',
        note=note,
    )


def _set_card(world: World, category: GroupCategory) -> str:
    groups = world.groups_of_set(category.id)
    count = sum(len(world.members(group.id)) for group in groups)
    facts = f"{len(groups)} groups · {count} members"
    if category.group_limit:
        facts += f" · at most {category.group_limit} each"
    if category.non_collaborative:
        facts += " · differentiation tags"
    title = link(f"/courses/{category.course_id}/sets/{category.id}", category.name)
    return f'<li class="card"><h3>{title}</h3><span class="quiet">{escape(facts)}</span></li>'


def _set_page(world: World, course: Course, category: GroupCategory, *, note: str) -> Answer:
    back = f"/courses/{course.id}/sets/{category.id}"
    groups = sorted(
        world.groups_of_set(category.id), key=lambda group: (len(group.name), group.name)
    )
    who = choice(
        "user", "Student", [(row.id, row.sortable_name) for row in _students(world, course)]
    )
    where = choice("group", "Group", [(group.id, group.name) for group in groups])
    forms = [
        act_form("switch_group", "joins this group", back, who, where),
        act_form("change_group", "Rename group", back, where, text_field("name", "to")),
        act_form(
            "create_group", "New group", back, text_field("name", "Name"), category=category.id
        ),
        act_form("delete_group", "Delete group", back, where, risky=True),
        act_form(
            "delete_set",
            "Delete this set",
            f"/courses/{course.id}",
            risky=True,
            category=category.id,
        ),
    ]
    cards = "".join(_group_card(world, group, back) for group in groups)
    return page(
        category.name,
        f"<p>{link(f'/courses/{course.id}', course.name)}</p>",
        f'<div class="acts">{"".join(forms)}</div>',
        f'<ul class="cards">{cards or "No groups yet."}</ul>',
        note=note,
    )


def _group_card(world: World, group: Group, back: str) -> str:
    lines = []
    for member in world.members(group.id):
        user = world.users[member.user_id]
        star = " ★" if group.leader_id == user.id else ""
        leave = act_form("leave_group", "leaves", back, user=user.id, group=group.id)
        lines.append(f"<li><bdi>{escape(user.name)}{star}</bdi>{leave}</li>")
    members = "".join(lines) or '<li class="quiet">Nobody</li>'
    return f'<li class="card"><h3>{escape(group.name)}</h3><ul>{members}</ul></li>'
