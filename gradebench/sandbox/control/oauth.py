"""OAuth2 as Canvas offers it, for one developer key that the sandbox comes with."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from datetime import timedelta
from html import escape
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

from gradebench.sandbox.control.doors import Knock, door
from gradebench.sandbox.wire.auth import bearer
from gradebench.sandbox.wire.exchange import Answer, Refused, in_html, in_json
from gradebench.sandbox.wire.site import OAuthCode, Site
from gradebench.sandbox.world.rows import Token

CLIENT_ID = "10000000000001"
CLIENT_SECRET = "sandbox-developer-key-secret"
CODE_SECONDS = 600
TOKEN_SECONDS = 3600


def _fail(error: str, description: str, *, status: int = 400) -> NoReturn:
    answer = in_json({"error": error, "error_description": description}, status=status)
    if description == "invalid client":
        answer = answer.with_headers(("www-authenticate", "Canvas OAuth 2.0"))
    raise Refused(answer)


@door("GET", "/login/oauth2/auth")
def ask(_: Site, knock: Knock) -> Answer:
    """The page on which somebody allows the application to act for them."""
    redirect = _checked_redirect(knock)
    problem = _problem(knock)
    if problem is not None:
        return _redirect(redirect, {"error": problem, "state": knock.params.text("state") or ""})
    names = ("client_id", "redirect_uri", "state", "scope", "code_challenge")
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(knock.params.text(name) or "")}">'
        for name in names
    )
    page = (
        '<!doctype html><html lang="en"><title>Authorize</title>'
        '<link rel="stylesheet" href="/style.css"><main><h1>Authorize</h1>'
        "<p>An application asks to act in this Canvas as Dana Whitfield.</p>"
        f'<form method="post" action="/login/oauth2/accept">{hidden}'
        '<button name="allow" value="1">Authorize</button> '
        '<button name="allow" value="0">Cancel</button></form></main></html>'
    )
    return in_html(page)


def _checked_redirect(knock: Knock) -> str:
    redirect = knock.params.text("redirect_uri") or ""
    if knock.params.text("client_id") != CLIENT_ID:
        _fail("invalid_client", "unknown client", status=401)
    if urlsplit(redirect).hostname not in {"127.0.0.1", "localhost"}:
        _fail("invalid_request", "redirect_uri does not match client settings")
    return redirect


def _problem(knock: Knock) -> str | None:
    if knock.params.text("response_type") != "code":
        return "unsupported_response_type"
    if knock.params.text("prompt") == "none":
        return "interaction_required"
    return None


@door("POST", "/login/oauth2/accept")
def decide(site: Site, knock: Knock) -> Answer:
    """Back to the application, with a code or with a refusal."""
    redirect = _checked_redirect(knock)
    state = {"state": knock.params.text("state") or ""}
    if not knock.params.flag("allow"):
        return _redirect(redirect, {"error": "access_denied", **state})
    code = secrets.token_urlsafe(24)
    scope = knock.params.text("scope")
    site.oauth_codes[code] = OAuthCode(
        client_id=CLIENT_ID,
        redirect_uri=redirect,
        scopes=frozenset(scope.split()) if scope else None,
        challenge=knock.params.text("code_challenge") or None,
        given_at=time.monotonic(),
    )
    return _redirect(redirect, {"code": code, **state})


def _redirect(address: str, more: dict[str, str]) -> Answer:
    joint = "&" if "?" in address else "?"
    where = address + joint + urlencode({name: text for name, text in more.items() if text})
    return Answer(302, b"", "text/html; charset=utf-8", (("location", where),))


@door("POST", "/login/oauth2/token")
def give_token(site: Site, knock: Knock) -> Answer:
    """A token for a code, or a fresh one for a refresh token."""
    _check_client(knock)
    params = knock.params
    kind = params.text("grant_type") or ("authorization_code" if params.has("code") else "")
    if kind == "authorization_code":
        return _from_code(site, knock)
    if kind == "refresh_token":
        return _refreshed(site, knock)
    _fail("unsupported_grant_type", "The grant_type you requested is not currently supported")


def _check_client(knock: Knock) -> None:
    client, secret = knock.params.text("client_id"), knock.params.text("client_secret")
    scheme, _, value = knock.headers.get("authorization", "").partition(" ")
    if scheme == "Basic":
        client, _, secret = base64.b64decode(value).decode().partition(":")
    if client != CLIENT_ID:
        _fail("invalid_client", "unknown client", status=401)
    if secret != CLIENT_SECRET:
        _fail("invalid_client", "invalid client", status=401)


def _from_code(site: Site, knock: Knock) -> Answer:
    text = knock.params.text("code")
    if not text:
        _fail(
            "invalid_request",
            "You must provide the code parameter when using the authorization_code grant type",
        )
    code = site.oauth_codes.pop(text, None)
    if code is None or time.monotonic() - code.given_at > CODE_SECONDS:
        _fail("invalid_grant", "authorization_code not found")
    if code.challenge and not _verifies(code.challenge, knock.params.text("code_verifier") or ""):
        _fail("invalid_grant", "incorrect code_verifier")
    teacher = next(token for token in site.world.tokens.values() if token.role == "teacher")
    refresh = secrets.token_urlsafe(32)
    token = Token(
        value="",
        user_id=teacher.user_id,
        role=f"oauth-{len(site.world.tokens)}",
        scopes=code.scopes,
        permanent_expiry=False,
        refresh_token=refresh,
        client_id=CLIENT_ID,
    )
    return in_json(_renewed(site, token) | {"refresh_token": refresh})


def _verifies(challenge: str, verifier: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge


def _renewed(site: Site, token: Token) -> dict[str, object]:
    """A new value for the token; the old one stops working at once."""
    world = site.world
    world.tokens.pop(token.value, None)
    token.value = secrets.token_urlsafe(32)
    token.expires_at = world.now() + timedelta(seconds=TOKEN_SECONDS)
    world.tokens[token.value] = token
    user = world.users[token.user_id]
    return {
        "access_token": token.value,
        "token_type": "Bearer",
        "user": {
            "id": user.id,
            "name": user.name,
            "global_id": str(10_000_000_000_000 + user.id),
            "effective_locale": "en",
            "fake_student": False,
        },
        "canvas_region": "unknown",
        "expires_in": TOKEN_SECONDS,
    }


def _refreshed(site: Site, knock: Knock) -> Answer:
    text = knock.params.text("refresh_token")
    found = [row for row in site.world.tokens.values() if text and row.refresh_token == text]
    if not found or found[0].revoked:
        _fail("invalid_request", "refresh_token not found")
    return in_json(_renewed(site, found[0]))


@door("DELETE", "/login/oauth2/token")
def revoke_token(site: Site, knock: Knock) -> Answer:
    """The application gives its token back."""
    token = site.world.tokens.get(bearer(knock.headers) or "")
    if token is None:
        message = "can't delete OAuth access token when not using an OAuth access token"
        return in_json({"message": message}, status=400)
    token.revoked = True
    return in_json({})
