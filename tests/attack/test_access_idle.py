"""An open tab goes idle, a foreign page signs nobody out, and who is turned away is logged."""

import json

import httpx
import pytest
from signing_in import SLOW, House, Visitor, Wire, house, provider
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed

from cxdash.access import Book, audit
from cxdash.access.people import people

HOUR = 3_600


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("idle")
    with provider() as there, house(folder, folder / "cx.duckdb", there) as made:
        yield made


def person(opened: House, name: str) -> int:
    with Book.of(opened.database) as book:
        return next(one.person_id for one in people(book) if one.subject == name)


def away(opened: House, name: str, seconds: int) -> float:
    """Let the last click of a person lie so long ago; when that was."""
    number = person(opened, name)
    with Book.of(opened.database) as book, book.writing() as cur:
        cur.execute(
            "UPDATE sessions SET last_seen = issued - ? WHERE person_id = ?", (seconds, number)
        )
    return last_click(opened, name)


def last_click(opened: House, name: str) -> float:
    with Book.of(opened.database) as book:
        (row,) = book.rows(
            "SELECT max(last_seen) AS at FROM sessions WHERE person_id = ?", [person(opened, name)]
        )
    return float(row["at"])


def by_itself() -> list[bytes]:
    """What an open tab sends though nobody touches it."""
    beats, polls, scrolls = BackMsg(), BackMsg(), BackMsg()
    beats.app_heartbeat = True
    polls.rerun_script.is_auto_rerun = True
    scrolls.backend_operation_request.dataframe_chunk.limit = 1
    return [one.SerializeToString() for one in (beats, scrolls, polls)]


@pytest.mark.promise("A05")
def test_A05_what_an_open_tab_does_by_itself_is_no_click_and_what_a_person_does_is(opened):
    opened.tell("ida", roles=["viewer"])
    ida = opened.signed_in("ida")
    with ida.socket() as wire:
        wire.run("")
        before = away(opened, "ida", HOUR)
        for frame in by_itself():
            wire.socket.send(frame)
        wire.shown()
        for path in ("/_stcore/host-config", "/media/none", "/component/none"):
            ida.http.get(path)
        ida.http.get("/worth", headers={"accept": "text/html", "sec-fetch-mode": "cors"})
        with ida.socket() as again:
            again.run("")
        assert last_click(opened, "ida") == before
        wire.run("worth")
        assert last_click(opened, "ida") > before
        before = away(opened, "ida", HOUR)
        ida.http.get("/worth", headers={"accept": "text/html", "sec-fetch-mode": "navigate"})
        assert last_click(opened, "ida") > before


@pytest.mark.promise("A05")
@pytest.mark.parametrize("frame", by_itself(), ids=("beats", "scrolls", "polls"))
def test_A05_a_tab_that_only_beats_or_polls_shows_its_end_and_is_closed(opened, frame):
    opened.tell("ivo", roles=["analyst"])
    ivo = opened.signed_in("ivo")
    with ivo.socket() as wire:
        assert '-kicker"' in wire.run("catalogue")
        away(opened, "ivo", 3 * HOUR)
        wire.socket.send(frame)
        shown = wire.shown()
        assert "nothing was clicked for a while" in shown
        assert '-kicker"' not in shown
        with pytest.raises(ConnectionClosed):
            wire.run("")


def refusals(opened: House) -> list[dict]:
    log = opened.database.parent / "logs" / "cxdash.log"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [line for line in lines if line["event"] == "access.refused"]


def press(wire: Wire, file_id: str) -> None:
    """Say that the button of a download was pressed."""
    said = BackMsg()
    said.backend_operation_request.session_id = wire.session
    said.backend_operation_request.deferred_file.file_id = file_id
    wire.socket.send(said.SerializeToString())


def made(wire: Wire) -> str:
    """The address of the download, once it is made."""
    while True:
        message = ForwardMsg.FromString(wire.socket.recv(timeout=SLOW))
        if message.WhichOneof("type") == "backend_operation_response":
            return message.backend_operation_response.deferred_file.url


@pytest.mark.promise("A04")
def test_A04_what_somebody_took_out_is_not_given_to_who_may_take_nothing_out(opened):
    ada, vera, ann = (opened.signed_in(person) for person in ("ada", "vera", "ann"))
    with ada.socket() as wire, vera.socket() as theirs:
        wire.run("access")
        buttons = [one.delta.new_element.download_button for one in wire.seen]
        (file_id,) = {one.deferred_file_id for one in buttons} - {""}
        press(wire, file_id)
        address = made(wire)
        got = {who: one.http.get(address) for who, one in (("ada", ada), ("vera", vera))}
        theirs.run("")
        press(theirs, file_id)
        theirs.run("")
        assert [one for one in refusals(opened) if one["action"] == "download"]
    assert got["ada"].text.startswith('"entry"')
    assert got["vera"].status_code == 403
    assert "entry" not in got["vera"].text
    assert opened.visitor().http.get(address).status_code == 401
    assert ann.http.get("/media/none.csv").status_code == 404
    taken = [one for one in audit.entries(opened.database) if one.action == "EXPORT"]
    assert [one.actor for one in taken] == ["ada@example.com"]


@pytest.mark.promise("A11")
def test_A11_nobody_else_on_the_machine_may_read_a_file_the_server_made(opened):
    opened.signed_in("ann").http.get("/health")
    made_by_us = {file for file in opened.database.parent.rglob("*") if file != opened.log}
    assert {f"{opened.database.name}.wal", "cxdash.log"} <= {file.name for file in made_by_us}
    assert [file.name for file in made_by_us if file.stat().st_mode & 0o077] == []


def leave(visitor: Visitor, **headers: str) -> httpx.Response:
    return visitor.http.get("/auth/logout", headers={"accept": "text/html", **headers})


@pytest.mark.promise("A08")
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_A08_a_foreign_page_cannot_sign_anybody_out(opened, site):
    opened.tell("lea", roles=["viewer"])
    lea = opened.signed_in("lea")
    asked = leave(lea, **{"sec-fetch-site": site, "sec-fetch-mode": "navigate"})
    assert "Sign out of cxdash?" in asked.text
    assert "set-cookie" not in asked.headers
    assert lea.http.get("/_stcore/host-config").status_code == 200
    assert leave(lea, **{"sec-fetch-site": "same-origin"}).status_code == 302
    assert lea.http.get("/_stcore/host-config").status_code == 401


@pytest.mark.promise("P07", "A10")
def test_A10_P07_strangers_who_are_turned_away_are_logged_and_a_flood_is_a_few_lines(opened):
    stranger = opened.visitor()
    mark = "jane@example.com"
    for number in range(40):
        stranger.http.get(f"/media/{mark}-{number}.csv", headers={"cookie": f"x={mark}"})
    about = ("media", "unknown")
    found = [one for one in refusals(opened) if (one["action"], one["reason"]) == about]
    assert [one.get("times", 1) for one in found] == [
        1, 2, 4, 8, 16, 32
    ]  # fmt: skip
    assert all("person" not in one and "source" in one for one in found)
    opened.tell("uwe", roles=["viewer"])
    uwe = opened.signed_in("uwe")
    with uwe.socket() as wire:
        wire.run("")
        assert uwe.upload(wire.session).status_code == 403
    newest = refusals(opened)[-1]
    assert (newest["action"], newest["reason"]) == ("upload", "role")
    assert newest["person"]
    assert mark not in (opened.database.parent / "logs" / "cxdash.log").read_text()
    assert audit.verify(opened.database).whole
