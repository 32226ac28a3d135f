"""OAuth2: from the question to a token, its renewal, and its end."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from gradebench.sandbox.control.oauth import CLIENT_ID, CLIENT_SECRET

BACK = "http://127.0.0.1:9/back"
KEY = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


@pytest.fixture
def site(sandbox):
    with httpx2.Client(base_url=sandbox.url) as client:
        yield client


def allowed(site, **more):
    """The query with which the browser comes back."""
    form = {"client_id": CLIENT_ID, "redirect_uri": BACK, "state": "s1", "allow": "1", **more}
    reply = site.post("/login/oauth2/accept", data=form)
    assert reply.status_code == 302
    return {
        name: values[0]
        for name, values in parse_qs(urlsplit(reply.headers["location"]).query).items()
    }


def token_for(site, **more):
    return site.post("/login/oauth2/token", data={**KEY, **more})


def test_a_code_becomes_a_token_that_works(site):
    ask = {"client_id": CLIENT_ID, "redirect_uri": BACK, "response_type": "code", "state": "s1"}
    assert "Authorize" in site.get("/login/oauth2/auth", params=ask).text
    answer = allowed(site)
    assert answer["state"] == "s1"
    reply = token_for(site, code=answer["code"], grant_type="authorization_code").json()
    assert (reply["token_type"], reply["expires_in"]) == ("Bearer", 3600)
    assert reply["user"]["name"] == "Dana Whitfield"
    headers = {"Authorization": f"Bearer {reply['access_token']}"}
    assert site.get("/api/v1/courses", headers=headers).status_code == 200


def test_a_code_is_good_once(site):
    code = allowed(site)["code"]
    assert token_for(site, code=code).status_code == 200
    again = token_for(site, code=code)
    assert again.status_code == 400
    assert again.json() == {
        "error": "invalid_grant",
        "error_description": "authorization_code not found",
    }


def test_renewal_ends_the_old_token_and_sends_no_new_refresh_token(site):
    first = token_for(site, code=allowed(site)["code"]).json()
    renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = token_for(site, **renew).json()
    assert "refresh_token" not in second
    old = {"Authorization": f"Bearer {first['access_token']}"}
    new = {"Authorization": f"Bearer {second['access_token']}"}
    assert site.get("/api/v1/users/self", headers=old).status_code == 401
    assert site.get("/api/v1/users/self", headers=new).status_code == 200
    assert site.delete("/login/oauth2/token", headers=new).json() == {}
    assert site.get("/api/v1/users/self", headers=new).status_code == 401


def test_scopes_bind_the_token(site):
    scope = "url:GET|/api/v1/courses"
    token = token_for(site, code=allowed(site, scope=scope)["code"]).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert site.get("/api/v1/courses", headers=headers).status_code == 200
    assert site.get("/api/v1/users/self", headers=headers).status_code == 401


def test_the_proof_key_must_fit(site):
    verifier = "v" * 50
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    wrong = allowed(site, code_challenge=challenge)["code"]
    assert token_for(site, code=wrong, code_verifier="other").status_code == 400
    right = allowed(site, code_challenge=challenge)["code"]
    assert token_for(site, code=right, code_verifier=verifier).status_code == 200


def test_refusals_have_canvas_words(site):
    assert allowed(site, allow="0")["error"] == "access_denied"
    unknown = site.post("/login/oauth2/token", data={"client_id": "1"})
    assert (unknown.status_code, unknown.json()["error"]) == (401, "invalid_client")
    secret = site.post("/login/oauth2/token", data={"client_id": CLIENT_ID, "client_secret": "x"})
    assert secret.headers["www-authenticate"] == "Canvas OAuth 2.0"
    kind = token_for(site, grant_type="client_credentials").json()
    assert kind["error"] == "unsupported_grant_type"
    lost = token_for(site, grant_type="refresh_token", refresh_token="x").json()
    assert lost["error_description"] == "refresh_token not found"
    elsewhere = {"client_id": CLIENT_ID, "redirect_uri": "https://evil.example/"}
    assert site.get("/login/oauth2/auth", params=elsewhere).status_code == 400
