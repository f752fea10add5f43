"""The health check says whether the server can work, and nothing of anybody's data."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cxdash import intake
from cxdash.faces.web import health, state
from cxdash.store import space


@pytest.fixture
def client(database):
    return TestClient(Starlette(routes=health.routes()))


def test_a_server_with_an_open_database_is_ready(client):
    reply = client.get("/health")
    assert reply.status_code == 200
    assert reply.json()["status"] == "ready"
    assert set(reply.json()["checks"].values()) == {"ok"}
    assert reply.headers["cache-control"] == "no-store"


def test_a_closed_database_is_not_ready_and_its_path_is_not_told(client, database):
    state.database().close()
    reply = client.get("/health")
    assert reply.status_code == 503
    assert reply.json()["checks"]["database"] == "StoreError"
    assert str(database.parent) not in reply.text


def test_a_disk_that_is_nearly_full_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: type("Disk", (), {"free": 10}))
    reply = client.get("/health")
    assert reply.status_code == 503
    assert "free" in reply.json()["checks"]["space"]


def test_files_that_wait_while_nothing_is_written_are_told(client, monkeypatch):
    waiting = type("Job", (), {"state": "waiting"})
    monkeypatch.setattr(intake, "under_way", lambda: [waiting])
    monkeypatch.setattr(health, "_STUCK_SECONDS", -1)
    assert client.get("/health").json()["checks"]["writer"] != "ok"


def test_a_change_is_noted_once_in_the_log(monkeypatch):
    noted = []
    monkeypatch.setattr(health, "note", noted.append)
    monkeypatch.setattr(health, "_FRESH_SECONDS", -1)
    said = ["ok"]
    looked_at = health.Health({"database": lambda: said[0]})
    for word in ("ok", "lost", "lost", "ok", "ok"):
        said[0] = word
        looked_at.look()
    assert [event.name for event in noted] == ["health.not_ready", "health.ready"]


def test_only_reading_is_answered(client):
    assert client.post("/health").status_code == 405
