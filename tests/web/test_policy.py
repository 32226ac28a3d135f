"""The Content-Security-Policy allows nothing inline and no other host; so the pages need neither."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from gradebench.canvas.models import CanvasCourse, CanvasIntegration, SyncRun
from tests.web.people import run_of

INLINE = re.compile(
    r"""<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:""", re.IGNORECASE
)
LOADED = re.compile(
    r"""<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["']([^"']+)""", re.IGNORECASE
)


@pytest.fixture
def addresses(studio: CanvasCourse) -> list[str]:
    waits = run_of(studio, SyncRun.State.WAITS, held={"groups": [1]}, errors=[{"reason": "x"}])
    person = studio.integration.people.first()
    work = studio.assignments.first()
    assert person is not None
    assert work is not None
    tabs = ("course", "assignments", "students", "groups", "history")
    return [
        "/",
        "/canvas",
        "/courses/choose",
        "/nowhere",
        f"/runs/{waits.pk}",
        reverse("replace_token", args=[studio.integration_id]),
        reverse("disconnect", args=[studio.integration_id]),
        reverse("student", args=[studio.pk, person.pk]),
        reverse("assignment", args=[studio.pk, work.pk]),
        *(reverse(tab, args=[studio.pk]) for tab in tabs),
    ]


def test_no_page_has_anything_inline_or_foreign(
    browser_of_ada: Client, addresses: list[str]
) -> None:
    CanvasIntegration.objects.update(problem="The token has expired.")
    for path in addresses:
        answer = browser_of_ada.get(path)
        html = answer.content.decode()
        assert not INLINE.search(html), (path, INLINE.search(html))
        assert all(one.startswith("/static/") for one in LOADED.findall(html)), path
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy


def test_the_doors_have_nothing_inline_either(client: Client, db: None) -> None:
    for path in ("/sign-in", "/welcome/nonsense"):
        assert not INLINE.search(client.get(path).content.decode())


def test_every_page_has_one_heading_and_a_title(
    browser_of_ada: Client, addresses: list[str], ada: User
) -> None:
    for path in addresses:
        html = browser_of_ada.get(path).content.decode()
        assert html.count("<h1") == 1, path
        title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
        assert title is not None
        assert not title[1].strip().startswith("·"), path


def test_every_field_has_a_label(browser_of_ada: Client, addresses: list[str]) -> None:
    for path in addresses:
        html = browser_of_ada.get(path).content.decode()
        for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", html):
            if 'type="hidden"' in field or "aria-label" in field:
                continue
            known = re.search(r'id="([^"]+)"', field)
            labelled = known and f'for="{known[1]}"' in html
            before = html[: html.index(field)]
            inside = before.rfind("<label") > before.rfind("</label>")
            assert labelled or inside, (path, field)
