"""Tokens: who asks, and the bodies of the five ways to be refused."""

from __future__ import annotations

from collections.abc import Mapping

from gradebench.sandbox.wire.exchange import Answer, Refused, in_json
from gradebench.sandbox.wire.params import Params
from gradebench.sandbox.world.rows import Token, User
from gradebench.sandbox.world.world import World

CHALLENGE = ("www-authenticate", 'Bearer realm="canvas-lms"')


def bearer(headers: Mapping[str, str]) -> str | None:
    """The token of the Authorization header; the scheme must be exactly Bearer."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme == "Bearer" and value.strip() else None


def sign_in(world: World, headers: Mapping[str, str], params: Params) -> tuple[Token, User]:
    """The token and its user; raises Refused with Canvas's own words."""
    value = bearer(headers) or params.text("access_token")
    if value is None:
        message = {"message": "user authorization required"}
        raise _refused({"status": "unauthenticated", "errors": [message]})
    token = world.tokens.get(value)
    if token is None:
        raise _refused({"errors": [{"message": "Invalid access token."}]})
    if token.revoked:
        raise _refused({"errors": [{"message": "Revoked access token."}]})
    _check_expiry(world, token)
    return token, world.users[token.user_id]


def _check_expiry(world: World, token: Token) -> None:
    if token.expires_at is None or token.expires_at > world.now():
        return
    if not token.permanent_expiry:
        raise _refused({"errors": [{"message": "Invalid access token."}]})
    when = token.expires_at.isoformat()[:19] + "Z"
    raise _refused({"errors": [{"message": "Expired access token.", "expired_at": when}]})


def _refused(body: object) -> Refused:
    return Refused(in_json(body, status=401).with_headers(CHALLENGE))


def check_scope(token: Token, method: str, pattern: str) -> None:
    """Refuse when the token is scoped and its scopes do not name this route; no challenge then."""
    if token.scopes is None:
        return
    verb = "GET" if method == "HEAD" else method
    if token.scopes.isdisjoint({f"url:{verb}|{pattern}", f"url:{verb}|*"}):
        body = {"errors": [{"message": "Insufficient scopes on access token."}]}
        raise Refused(in_json(body, status=401))


def strip_includes(token: Token, params: Params) -> None:
    """Scoped keys lose every include except uuid, silently, unless the key allows them."""
    if token.scopes is None or token.includes_allowed:
        return
    for name in ("include", "includes"):
        if params.has(name):
            params.values[name] = [text for text in params.texts(name) if text == "uuid"]


MISSING_AGENT = Answer(
    403,
    b'{"error":"Forbidden","message":"You are not authorized to access this site because you have '
    b'not provided a valid user agent."}',
)
BAD_MASQUERADE = in_json({"errors": "Invalid as_user_id"}, status=401)
