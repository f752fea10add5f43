"""How much one person may upload: a few at once, a few files' worth in memory, nobody else's."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from cxdash.access import Actor, Role
from cxdash.faces.web import inside, uploads
from cxdash.faces.web.uploads import Uploads
from cxdash.store.journal.lines import EVENT

ANN = Actor("ann", frozenset({Role.ANALYST}))
ADA = Actor("ada", frozenset({Role.ADMIN}))
VERA = Actor("vera", frozenset({Role.VIEWER}))
LARGEST = 200 * 1024 * 1024


@pytest.fixture
def limits(monkeypatch):
    monkeypatch.setattr(uploads.config, "get_option", lambda _: 200)


def scope(session="s1", length="10", method="PUT"):
    headers = [(b"content-length", length.encode())] if length else []
    path = f"{inside.UPLOADS}{session}/file"
    return {"type": "http", "method": method, "path": path, "headers": headers}


async def send(counted, actor, asked, app=None):
    """The status of the answer; 204 where the upload was handed on."""
    status = []

    async def accept(_scope, _receive, answer):
        await answer({"type": "http.response.start", "status": 204, "headers": []})

    async def note(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    await counted.pass_on(app or accept, actor, asked, None, note)
    return status[0] if status else None


def run(coroutine):
    """In a thread of its own, because a browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def status(counted, actor, asked):
    return run(send(counted, actor, asked))


def test_an_upload_passes_and_leaves_nothing_counted(limits):
    counted = Uploads()
    for _ in range(20):
        assert status(counted, ANN, scope(length=str(LARGEST))) == 204


def test_who_may_not_load_files_may_not_upload(limits):
    assert status(Uploads(), VERA, scope()) == 403
    assert status(Uploads(), VERA, scope(method="DELETE")) == 403


def test_an_upload_of_unsaid_size_is_refused(limits):
    assert status(Uploads(), ANN, scope(length="")) == 411
    assert status(Uploads(), ANN, scope(length="-1")) == 411


def test_the_session_of_somebody_else_takes_nothing(limits):
    counted = Uploads()
    assert status(counted, ANN, scope("hers")) == 204
    assert status(counted, ADA, scope("hers")) == 403
    assert status(counted, ADA, scope("mine")) == 204


def test_what_lies_in_memory_counts_over_all_sessions_of_a_person(limits, monkeypatch):
    counted = Uploads()
    held = {"s1": LARGEST, "s2": LARGEST}
    assert status(counted, ANN, scope("s1")) == status(counted, ANN, scope("s2")) == 204
    monkeypatch.setattr(uploads.inside, "bytes_held", lambda session: held.get(session, 0))
    assert status(counted, ANN, scope("s3", length="10")) == 429
    assert status(counted, ADA, scope("s4", length="10")) == 204


def test_bytes_count_however_many_sessions_a_person_had_since(limits, monkeypatch):
    counted = Uploads()
    held = {"s0": LARGEST, "s1": LARGEST}
    monkeypatch.setattr(uploads.inside, "bytes_held", lambda session: held.get(session, 0))
    for number in range(300):
        status(counted, ANN, scope(f"s{number}", length="0"))
    assert status(counted, ANN, scope("more")) == 429
    assert sum(map(len, counted._sessions.values())) <= 202


def test_only_so_many_run_at_once_for_one_person(limits):
    counted = Uploads()

    async def all_at_once():
        waiting = asyncio.Event()

        async def slow(_scope, _receive, _send):
            await waiting.wait()

        running = [asyncio.create_task(send(counted, ANN, scope(), slow)) for _ in range(4)]
        await asyncio.sleep(0)
        fifth, other = await send(counted, ANN, scope()), await send(counted, ADA, scope("s2"))
        waiting.set()
        await asyncio.gather(*running)
        return fifth, other, await send(counted, ANN, scope())

    assert run(all_at_once()) == (429, 204, 204)


def test_every_refusal_is_logged_once_with_its_reason_that_of_the_server_too(limits, caplog):
    async def forbids(_scope, _receive, answer):
        await answer({"type": "http.response.start", "status": 403, "headers": []})

    caplog.set_level(logging.WARNING, "cxdash")
    counted = Uploads()
    assert status(counted, VERA, scope()) == 403
    assert run(send(counted, ANN, scope(), forbids)) == 403
    assert status(counted, ADA, scope()) == 403
    assert status(counted, ANN, scope(length="")) == 411
    assert status(counted, ANN, scope(length=str(3 * LARGEST))) == 429
    events = [vars(record)[EVENT] for record in caplog.records]
    assert [one.reason for one in events] == ["role", "token", "session", "no_size", "too_much"]
    assert [one.person.text for one in events] == ["vera", "ann", "ada", "ann", "ann"]
