"""Where every page is, found in the tables of addresses: a new page is tested and measured unnamed."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

import django
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

if TYPE_CHECKING:  # can be imported once Django is set up
    from django.http.response import HttpResponseBase
    from django.test import Client

    from gradebench.canvas.models import GroupPlan


def every_address(plan: "GroupPlan") -> dict[str, str | None]:
    """The path of every address by its name, for this plan's set and course.

    None where a part of it stays open, which nobody should overlook. Those that only take POST are
    there too.
    """
    parts = _parts(plan)
    return {name: _path(name, pattern, parts) for name, pattern in _patterns()}


def _patterns() -> Iterator[tuple[str, str]]:
    for entry in get_resolver().url_patterns:
        if not isinstance(entry, URLResolver) or entry.app_name:
            continue  # Django's own admin
        for page in entry.url_patterns:
            if isinstance(page, URLPattern) and page.name:
                yield page.name, str(page.pattern)


def _parts(plan: "GroupPlan") -> dict[str, int | str]:
    """What stands in addresses: by the name of the part, or by the word that `pk` follows."""
    from gradebench.accounts.first_visit import make_one_time_address

    course = plan.category.course
    students = course.enrollments.filter(type="StudentEnrollment", enrollment_state="active")
    groups = plan.category.groups.filter(gone_at=None, team__isnull=False)
    return {
        "courses": course.pk,
        "canvas": course.integration_id,
        "runs": course.runs.latest("pk").pk,
        "assignment_pk": course.assignments.order_by("pk")[0].pk,
        "person_pk": students.order_by("pk")[0].user_id,
        "set_pk": plan.category.pk,
        "team_pk": groups.order_by("pk").values_list("team_id", flat=True)[0] or 0,
        "plan_pk": plan.pk,
        "token": make_one_time_address(None, base_url="").rpartition("/")[2],
    }


def _path(name: str, pattern: str, parts: dict[str, int | str]) -> str | None:
    first = pattern.removeprefix("api/").split("/")[0]
    values = {**parts, "pk": parts.get(first, 0)}
    wanted = {key: value for key, value in values.items() if f":{key}>" in pattern}
    try:
        return reverse(name, kwargs=wanted)
    except NoReverseMatch:
        return None


def every_page(browser: "Client", plan: "GroupPlan") -> dict[str, str]:
    """The paths of the whole pages that this browser is shown: no parts of pages, files or JSON."""
    paths = every_address(plan).items()
    return {name: path for name, path in paths if path and _is_page(browser.get(path))}


def _is_page(answer: "HttpResponseBase") -> bool:
    body: bytes = getattr(answer, "content", b"")
    return answer.status_code == HTTPStatus.OK and b"<!doctype html" in body[:100].lower()


def main() -> None:
    """Print the pages of the first course with groups, in which a new team waits in a plan, as JSON."""
    django.setup()
    from django.test import Client

    from gradebench.canvas.models import CanvasGroupCategory
    from gradebench.canvas.push.scene import drift
    from gradebench.canvas.push.staging import stage_new_teams
    from gradebench.canvas.push.storing import store

    sets = CanvasGroupCategory.objects.filter(gone_at=None, groups__team__isnull=False)
    category = sets.select_related("course__integration__user", "team_set").order_by("pk")[0]
    owner = category.course.integration.user
    stage_new_teams(category, ["Rockets"])
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(owner)
    plan = store(category, drift(category), by=owner, because="A test")
    print(json.dumps(every_page(browser, plan)))


if __name__ == "__main__":
    main()
