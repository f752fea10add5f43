"""The headers of every response, and the policy that keeps foreign code and requests away."""

import base64
import hashlib

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from cxdash.faces.web.headers import SecurityHeaders, policy

PAGE = "<html><script>one()</script><script src='./static/js/a.js'></script></html>"


def answer(path="/page", *, secure=False, **headers):
    def drawn(_request):
        return PlainTextResponse("x", headers={"Access-Control-Allow-Origin": "*"})

    def failing(_request):
        raise RuntimeError("a cell of a customer")

    app = Starlette(
        routes=[
            Route("/page", drawn),
            Route("/static/a.js", drawn),
            Route("/failing", failing),
        ],
        middleware=[Middleware(SecurityHeaders, secure=secure)],
    )
    return TestClient(app, raise_server_exceptions=False).get(path, headers=headers)


def directives(text):
    return {part.split()[0]: part.split()[1:] for part in text.split("; ")}


def test_only_the_scripts_of_the_page_itself_run_and_no_text_becomes_code():
    found = directives(policy(PAGE, "localhost:8501"))
    digest = base64.b64encode(hashlib.sha256(b"one()").digest()).decode()
    assert found["script-src"] == ["'self'", "'wasm-unsafe-eval'", f"'sha256-{digest}'"]
    assert "'unsafe-eval'" not in str(found)
    assert "'unsafe-inline'" not in found["script-src"]
    for name in ("default-src", "frame-ancestors", "frame-src", "base-uri", "object-src"):
        assert found[name] == ["'none'"]
    assert found["form-action"] == ["'self'"]
    assert found["connect-src"] == ["'self'", "ws://localhost:8501", "wss://localhost:8501"]


@pytest.mark.parametrize("host", ["a; script-src *", "a b", "'unsafe-inline'", "", "a,b"])
def test_a_host_name_cannot_write_into_the_policy(host):
    assert directives(policy(PAGE, host))["connect-src"] == ["'self'"]


def test_every_answer_carries_the_headers_and_lets_no_other_site_read_it():
    found = answer().headers
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "no-referrer"
    assert found["cross-origin-opener-policy"] == "same-origin"
    assert found["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in found["permissions-policy"]
    assert found["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in found
    assert "frame-ancestors 'none'" in found["content-security-policy"]
    assert "strict-transport-security" not in found


def test_behind_tls_browsers_are_told_to_stay_there():
    told = answer(secure=True).headers["strict-transport-security"]
    assert told == "max-age=31536000"  # nothing about other servers under that name


def test_files_that_are_the_same_for_everybody_may_be_kept():
    assert "cache-control" not in answer("/static/a.js").headers


def test_an_error_of_ours_carries_the_headers_too_and_none_of_its_words():
    found = answer("/failing")
    assert found.status_code == 500
    assert "default-src 'none'" in found.headers["content-security-policy"]
    assert found.headers["x-content-type-options"] == "nosniff"
    assert "customer" not in found.text
