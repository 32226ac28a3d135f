"""Times, numbers and links as every page writes them."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gradebench.canvas.models import CanvasSubmission
from gradebench.canvas.templatetags.icons import icon

register = template.Library()
register.simple_tag(icon, name="icon")

NOTHING = "\N{EN DASH}"
NOT_HANDED_IN = format_html('<span class="text-sm quiet">{}</span>', "Not handed in")
LEADER = format_html(' <span class="badge badge-soft badge-xs badge-accent">{}</span>', "leader")
_MARK = '<span class="me-1 font-semibold {}" title="{}" aria-hidden="true">{}</span>'
_MARK += '<span class="sr-only">{}: </span>'
COMES = format_html(_MARK, "text-success", "not in Canvas yet", "+", "not in Canvas yet")
GOES = format_html(
    _MARK, "text-error", "still here in Canvas", "\N{MINUS SIGN}", "still here in Canvas"
)
_UNITS = (
    (31_536_000, "year"),
    (2_592_000, "month"),
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
)


@register.simple_tag
def ago(moment: datetime | None, never: str = "never") -> SafeString | str:
    """How long ago something was, with the exact time in the viewer's zone on hover."""
    return _time(timezone.localtime(moment), how_long_ago(moment)) if moment else never


@register.simple_tag
def day(moment: datetime | None, none: str = NOTHING) -> SafeString | str:
    """A date in the viewer's zone, with the exact time on hover."""
    if moment is None:
        return none
    local = timezone.localtime(moment)
    shape = "%b" if local.year == timezone.localtime().year else "%b %Y"
    return _time(local, f"{local.day} {local:{shape}}")


@register.simple_tag
def moment(moment: datetime | None, none: str = NOTHING) -> SafeString | str:
    """A date and the time of day in the viewer's zone."""
    if moment is None:
        return none
    local = timezone.localtime(moment)
    return _time(local, f"{local.day} {local:%b %Y, %H:%M}")


@register.filter
def number(value: float | None) -> str:
    """A number as people write it: 1,200 · 87.5 · a dash for none."""
    if value is None:
        return NOTHING
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


@register.filter
def percent(value: float | None) -> str:
    """A share of 100 without decimals it does not need."""
    return NOTHING if value is None else f"{number(round(value, 1))} %"


@register.filter
def count_of(value: int | None, words: str) -> str:
    """`3|count_of:"student,students"` → "3 students"."""
    one, many = words.split(",")
    return f"{number(value)} {one if value == 1 else many}"


@register.filter
def duration(seconds: float | None) -> str:
    """How long something took: 4.2 s · 3 min 05 s."""
    if seconds is None:
        return NOTHING
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60):02d} s"


@register.simple_tag
def state(kind: str, word: str) -> SafeString:
    """A word in a colour: a tag and no template, for tables have one in every row."""
    return format_html(
        '<span class="badge badge-soft badge-sm badge-{} whitespace-nowrap font-medium">{}</span>',
        kind,
        word,
    )


@register.simple_tag
def submission_state(submission: CanvasSubmission) -> SafeString:
    """How far a piece of work is, and what is wrong with it."""
    late = [state("warning", "Late")] if submission.late else []
    missing = [state("error", "Missing")] if submission.missing and not submission.excused else []
    return format_html_join(" ", "{}", ([one] for one in [*_how_far(submission), *late, *missing]))


def _how_far(submission: CanvasSubmission) -> list[SafeString]:
    if submission.excused:
        return [state("neutral", "Excused")]
    if submission.workflow_state == "graded":
        return [state("success", "Graded")]
    if submission.workflow_state in ("submitted", "pending_review"):
        return [state("info", "To grade")]
    return [] if submission.missing else [NOT_HANDED_IN]


@register.simple_tag
def score(points: float | None, grade: str | None) -> str:
    """`17.5` · `17.5 (B+)` where the grade is more than the score written out · `B+`."""
    told = number(points)
    if not grade or grade in (told, str(points)):
        return told
    return grade if points is None else f"{told} ({grade})"


@register.simple_tag
def people_rows(people: Iterable[tuple[str, str, bool, bool]], address: str) -> SafeString:
    """Rows of a list: each person by the key of their page below the address, name, whether they
    lead, whether Canvas does not have them there yet.

    A tag, for a page with 600 of them spends half its time in a template's loop.
    """
    return format_html_join(
        "\n",
        '<li class="min-w-0 truncate py-0.5">{}<a class="plain-link" href="{}{}" dir="auto">{}</a>{}</li>',
        (
            (COMES if comes else "", address, key, name, LEADER if leads else "")
            for key, name, leads, comes in people
        ),
    )


@register.simple_tag
def going() -> SafeString:
    """The mark of whom Canvas still has where they are not wanted any more."""
    return GOES


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """A form's field in the dress of the pages."""
    kind = getattr(field.field.widget, "input_type", "")
    classes = {"checkbox": "checkbox", "select": "select w-full"}.get(kind, "input w-full")
    wrong = " input-error" if field.errors and kind != "checkbox" else ""
    return field.as_widget(attrs={"class": classes + wrong})


@register.simple_tag(takes_context=True)
def nav_link(context: Context, text: str, view: str, place: str) -> SafeString:
    """A link of the page's head, marked when the page belongs to its place."""
    here = context.get("place") == place
    return format_html(
        '<a href="{}" class="btn btn-ghost btn-sm font-medium {}"{}>{}</a>',
        reverse(view),
        "btn-here" if here else "",
        format_html(' aria-current="{}"', "page") if here else "",
        text,
    )


@register.simple_tag(takes_context=True)
def course_tab(
    context: Context, tab: str, view: str, text: str, badge: int = 0, warns: int = 0
) -> SafeString:
    """A tab of a course's pages, marked when it is the one that is open.

    `badge`: how many changes behind it Canvas does not have; `warns`: how many are conflicts.
    """
    here = context.get("tab") == tab
    return format_html(
        '<a href="{}" class="tab {}"{}>{}{}</a>',
        reverse(view, args=[context["course"].pk]),
        "tab-active font-medium" if here else "",
        format_html(' aria-current="{}"', "page") if here else "",
        text,
        _waiting_badge(badge, warns) if badge else "",
    )


def _waiting_badge(changes: int, conflicts: int) -> SafeString:
    words = f"{count_of(changes, 'change,changes')} not in Canvas"
    if conflicts:
        words += f", {count_of(conflicts, 'conflict,conflicts')}"
    return format_html(
        ' <span class="badge badge-soft badge-xs badge-{} ms-1.5 tabular-nums" title="{}">{}'
        '<span class="sr-only"> {}</span></span>',
        "error" if conflicts else "warning",
        words,
        number(changes),
        words.split(" ", 1)[1],
    )


@register.simple_tag(takes_context=True)
def address_with(context: Context, **changes: object) -> str:
    """This page's address with some of its query changed; None removes, and the page number starts anew."""
    query: QueryDict = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def kept_fields(context: Context, *leave_out: str) -> SafeString:
    """Hidden fields for the rest of the address's query, so that a search keeps the filters."""
    query: QueryDict = context["request"].GET
    kept = [(name, query[name]) for name in query if name not in {*leave_out, "page"}]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', kept)


@register.simple_tag(takes_context=True)
def page_address(context: Context, page: int) -> str:
    """This page's address at another page of its list."""
    query: QueryDict = context["request"].GET.copy()
    query["page"] = str(page)
    return "?" + query.urlencode()


def how_long_ago(moment: datetime) -> str:
    """`3 minutes ago`, in the largest unit that fits once."""
    seconds = (timezone.now() - moment).total_seconds()
    size = abs(seconds)
    for unit, name in _UNITS:
        if size >= unit:
            count = int(size // unit)
            words = f"{count} {name}{'' if count == 1 else 's'}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now" if seconds > 0 else "in a moment"


def _time(local: datetime, text: str) -> SafeString:
    """Written by `strftime`: Django's own words for dates cost a table of times its speed."""
    return format_html(
        '<time datetime="{}" title="{}" class="whitespace-nowrap">{}</time>',
        local.isoformat(),
        f"{local:%A}, {local.day} {local:%B %Y, %H:%M:%S %Z}",
        text,
    )
