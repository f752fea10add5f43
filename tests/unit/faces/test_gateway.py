"""The gate where there is no sign-in: on this machine alone, for pages of this app alone."""

import logging

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from cxdash.faces.web import gateway
from cxdash.faces.web.signin import Configuration
from cxdash.store.journal.lines import EVENT

PLACE = "http://127.0.0.1:8501"
STREAM = "/_stcore/stream"


async def page(scope, receive, send):
    await PlainTextResponse("the app")(scope, receive, send)


async def stream(socket):
    await socket.accept()
    await socket.close()


@pytest.fixture
def client():
    app = Starlette(
        routes=[WebSocketRoute(STREAM, stream), Mount("/", app=page)],
        middleware=[Middleware(gateway.Gate, configuration=Configuration())],
    )
    return TestClient(app, base_url=PLACE)


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "localhost:8501", "[::1]:8501"])
def test_under_the_names_of_this_machine_the_app_answers(client, host):
    assert client.get("/worth", headers={"host": host}).text == "the app"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "a@localhost", "localhost:x", "10.0.0.1"]
)
def test_a_name_that_a_stranger_points_at_this_machine_is_not_answered(client, host):
    answer = client.get("/worth", headers={"host": host})
    assert answer.status_code == 400
    assert "the app" not in answer.text


@pytest.mark.parametrize("path", ["/health", "/_stcore/health"])
def test_whether_the_app_is_well_is_told_under_any_name(client, path):
    assert client.get(path, headers={"host": "10.0.0.1"}).status_code == 200
    assert client.post(path, headers={"host": "10.0.0.1"}).status_code == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_foreign_page_can_neither_ask_nor_open_a_socket(client, origin):
    for verb in ("GET", "PUT", "DELETE"):
        asked = client.request(verb, "/_stcore/upload_file/a/b", headers={"origin": origin})
        assert asked.status_code == 400
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(STREAM, headers={"origin": origin}),
    ):
        pass


def test_a_page_of_the_app_opens_a_socket_and_who_says_nothing_does_not(client):
    with client.websocket_connect(STREAM, headers={"origin": PLACE, "host": "127.0.0.1:8501"}):
        pass
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(STREAM):
        pass


def test_a_change_that_a_browser_marks_as_foreign_is_refused(client):
    marked = {"sec-fetch-site": "cross-site"}
    assert client.put("/_stcore/upload_file/a/b", headers=marked).status_code == 400


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/script-health-check"]
)
def test_what_nobody_needs_is_shut(client, path):
    assert client.get(path).status_code == 400


@pytest.fixture
def log(caplog):
    """What and why was refused so far."""
    caplog.set_level(logging.WARNING, "cxdash")
    return lambda: [
        (event.action, event.reason)
        for record in caplog.records
        if (event := getattr(record, EVENT, None))
    ]


@pytest.mark.parametrize(
    ("path", "headers", "told"),
    [
        ("/worth", {"host": "evil.example"}, ("page", "host")),
        ("/media/0123abc.csv", {"origin": "null"}, ("media", "origin")),
        ("/_stcore/metrics", {}, ("inside", "address")),
        (
            "/_stcore/upload_file/session/file",
            {"origin": "http://evil.example"},
            ("upload", "origin"),
        ),
        ("/C-1042/jane@example.com", {"host": "evil.example"}, ("other", "host")),
    ],
)
def test_who_is_turned_away_is_logged_by_kind_without_the_address_asked_for(
    client, log, caplog, path, headers, told
):
    assert client.get(path, headers=headers).status_code == 400
    assert log() == [told]
    (event,) = (vars(record)[EVENT] for record in caplog.records)
    assert event.person is None
    assert event.source is not None


def test_a_refused_socket_is_logged_too(client, log):
    foreign = {"origin": "http://evil.example", "host": "127.0.0.1:8501"}
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(STREAM, headers=foreign),
    ):
        pass
    assert log() == [("socket", "origin")]


def test_who_is_served_is_not_logged(client, log):
    client.get("/worth")
    assert log() == []
