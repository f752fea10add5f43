"""Nobody gets in, nobody gets further than their role, and nothing outlives a sign-in."""

import json
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from signing_in import PEOPLE, House, Visitor, Wire, hash_of, house, provider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed, InvalidStatus

from cxdash.access import Actor, Book, Role, audit
from cxdash.access.people import people, set_disabled, set_role
from cxdash.access.sessions import end_all
from cxdash.faces.web import staging
from cxdash.faces.web.navigation import PAGES
from cxdash.intake import Mapping, load
from cxdash.store import Database

ROOT = Path(__file__).parents[2]
BOSS = Actor("boss", frozenset({Role.ADMIN}))
REFUSED = "This is not for your role"
OPEN = {
    "/health",
    "/_stcore/health",
    "/auth/login",
    "/oauth2callback",
    "/sign-in",
    "/sign-in/start",
}
FORGED = "_streamlit_user=forged; _streamlit_xsrf=x"
VERBS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
ROUTES = """
import json, sys
import app
print(json.dumps([getattr(one, "path", "/") for one in app.app._build_starlette_app().routes]))
"""


def filled(path: Path) -> Path:
    """A database in which something of the demo company counts, so that every button is there."""
    file = path.with_name("customers.csv")
    file.write_text("customer_id,segment\n010001,SMB\n010002,Large\n", encoding="utf-8")
    mapping = Mapping.from_toml(
        'kind = "customers"\n[columns]\ncustomer_id = "customer_id"\nsegment = "segment"\n'
    )
    with Database(path) as db:
        load(db, file, mapping, is_demo=True)
    return path


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("house")
    with provider() as there, house(folder, filled(folder / "cx.duckdb"), there) as made:
        yield made


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every route the server has, whoever made it, with something in its places."""
    folder = tmp_path_factory.mktemp("routes")
    listed = subprocess.run(
        [sys.executable, "-c", ROUTES],
        cwd=ROOT,
        env={**os.environ, "CXDASH_DB": str(folder / "cx.duckdb"), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(listed.stdout.splitlines()[-1])
    pages = [f"/{page.name}" for page in PAGES]
    return sorted({_filled_in(path) for path in found} | set(pages) | {"/", "/index.html"})


def _filled_in(path: str) -> str:
    return "/".join("x" if part.startswith("{") else part for part in path.split("/")) or "/"


@pytest.fixture(scope="module")
def vera(opened: House) -> Visitor:
    return opened.signed_in("vera")


@pytest.fixture(scope="module")
def ann(opened: House) -> Visitor:
    return opened.signed_in("ann")


@pytest.fixture(scope="module")
def ada(opened: House) -> Visitor:
    return opened.signed_in("ada")


def refused(answer: httpx.Response) -> bool:
    """Sent to sign in, or told no; in neither case anything of the app itself."""
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    return to_sign_in or answer.status_code in {400, 401}


def socket_status(visitor: Visitor, **options: object) -> int:
    """0 when a socket is accepted, else the HTTP status it is refused with."""
    try:
        with visitor.socket(**options):
            return 0
    except InvalidStatus as refusal:
        return refusal.response.status_code


@pytest.mark.promise("A01")
def test_A01_without_sign_in_no_route_answers_in_any_manner(opened, routes, tell):
    assert len(routes) > 25
    ways = [(verb, "*/*", "") for verb in VERBS]
    ways += [("GET", "text/html", ""), ("GET", "*/*", FORGED), ("PUT", "*/*", FORGED)]
    asked = 0
    stranger = opened.visitor()
    for path in routes:
        for verb, kind, cookie in ways:
            if path not in OPEN or verb not in VERBS[:3]:
                headers = {"accept": kind, "cookie": cookie}
                answer = stranger.http.request(verb, path, headers=headers)
                assert refused(answer), (verb, path, answer.status_code)
                asked += 1
    tell("requests", asked)


@pytest.mark.promise("A01")
def test_A01_without_sign_in_a_socket_is_closed_before_it_is_accepted(opened):
    stranger = opened.visitor()
    assert socket_status(stranger) == 403
    assert socket_status(stranger, cookie="_streamlit_user=forged") == 403


@pytest.mark.promise("A01")
def test_A01_with_sign_in_the_same_routes_answer(opened, vera):
    assert "<script" in vera.http.get("/worth", headers={"accept": "text/html"}).text
    assert vera.http.get("/_stcore/host-config").status_code == 200
    assert socket_status(vera) == 0


@pytest.mark.promise("A01")
@pytest.mark.parametrize(
    "path",
    [
        "/static/../_stcore/host-config",
        "/static/..%2f_stcore/host-config",
        "//_stcore/host-config",
        "/static\\..\\_stcore/host-config",
        "/%2e/_stcore/host-config",
        "/sign-in/../worth",
        "/static/%2e%2e/worth",
    ],
)
def test_A01_no_spelling_of_a_path_leads_past_the_gate(opened, path):
    host = opened.address.removeprefix("http://")
    with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=10) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert answer.split(b" ")[1] in {b"400", b"401"}, answer[:200]


@pytest.mark.promise("A02")
@pytest.mark.parametrize("there", PAGES, ids=lambda there: there.name)
def test_A02_each_role_opens_its_own_pages_by_link_and_no_other(vera, ann, ada, there, tell):
    for person, visitor in (("vera", vera), ("ann", ann), ("ada", ada)):
        with visitor.socket() as wire:
            for shown in (wire.run(there.name), wire.run(page_hash=hash_of(there.name))):
                may = there.needs.name in MAY[person]
                assert (REFUSED not in shown) == may, (person, there)
                tell("pages asked for", 1)


MAY = {
    "vera": {"VIEW"},
    "ann": {"VIEW", "IMPORT", "DECIDE"},
    "ada": {"VIEW", "IMPORT", "DECIDE", "MAINTAIN", "ADMINISTER"},
}


@pytest.mark.promise("A04")
def test_A04_what_an_admin_may_press_does_nothing_when_a_viewer_sends_it(opened, ada, tell):
    """The messages of an admin's browser, sent with a viewer's cookie."""
    opened.tell("liv", roles=["viewer"])
    liv = opened.signed_in("liv")
    pressed = 0
    with ada.socket() as wire:
        for page in PAGES:
            wire.run(page.name)
        buttons = {
            message.delta.new_element.button.id
            for message in wire.seen
            if message.delta.new_element.WhichOneof("type") == "button"
        }
        fragments = {one.delta.fragment_id for one in wire.seen} - {""}
    assert any("replace-demo" in button for button in buttons)
    assert any("undo-import" in button for button in buttons)
    before = [entry.entry for entry in audit.entries(opened.database)]
    with liv.socket() as wire:
        for button in sorted(buttons):
            for page in ("", "import", "keeping", "access"):
                state = WidgetState(id=button, trigger_value=True)
                shown = wire.run(page_hash=hash_of(page) if page else "", states=(state,))
                assert page == "" or REFUSED in shown
                assert "Take the demo company out" not in shown
                pressed += 1
        for fragment in sorted(fragments):
            assert "Undo it" not in wire.run(fragment=fragment)
    since = [one for one in audit.entries(opened.database) if one.entry not in before]
    assert {one.action for one in since} <= {"REFUSED"}
    assert any(one.what.startswith("import: page import") for one in since)
    tell("messages", pressed)


@pytest.mark.promise("A04")
def test_A04_a_viewer_cannot_upload_even_to_a_session_of_their_own(vera, ann):
    for visitor, status in ((vera, 403), (ann, 204)):
        with visitor.socket() as wire:
            wire.run("")
            answer = visitor.upload(wire.session)
            assert answer.status_code == status, answer.text


@pytest.mark.promise("A04")
def test_A04_nobody_uploads_into_the_session_of_somebody_else(ann, ada):
    with ann.socket() as wire:
        wire.run("")
        assert ann.upload(wire.session).status_code == 204
        assert ada.upload(wire.session).status_code == 403


@pytest.mark.promise("A04")
def test_A04_who_bears_the_name_of_somebody_else_finds_none_of_their_files(opened, monkeypatch):
    """An address that is not verified, and a name, are what people say of themselves."""
    monkeypatch.setenv("CXDASH_DB", str(opened.database))
    opened.tell("rosa", roles=["analyst"])
    opened.tell("imp", roles=["analyst"], email="rosa@example.com", email_verified=False)
    opened.tell("ape", roles=["analyst"], email=None, name="rosa@example.com")
    rosa, *others = [opened.signed_in(name) for name in ("rosa", "imp", "ape")]
    with Book.of(opened.database) as book:
        known = {one.subject: one for one in people(book)}
    (staging.folder(known["rosa"].actor.owner) / "1.upload").write_text("a,b\n1,2\n")
    (staging.folder(known["rosa"].actor.owner) / "1.name").write_text("secret-name.csv")
    with rosa.socket() as wire:
        assert "secret-name.csv" in wire.run("import")
    for other in others:
        with other.socket() as wire:
            shown = wire.run("import")
            assert REFUSED not in shown
            assert "secret-name.csv" not in shown
    assert len({known[name].name for name in ("rosa", "imp", "ape")}) == 3


@pytest.mark.promise("A04")
def test_A04_a_stolen_session_of_streamlit_is_not_taken_over(vera, ada):
    with ada.socket() as theirs:
        theirs.run("access")
        with vera.socket(session=theirs.session) as wire:
            shown = wire.run("access")
            assert REFUSED in shown
            assert wire.session != theirs.session


def out(wire: Wire, why: str) -> bool:
    """Whether the next click shows why and nothing else, and the one after it finds no socket."""
    shown = wire.run("worth")
    if why not in shown or "MENU" in shown or '-kicker"' in shown:
        return False
    try:
        wire.run("")
    except ConnectionClosed:
        return True
    return False


@pytest.mark.promise("A05")
def test_A05_a_role_taken_away_counts_at_the_next_click(opened):
    opened.tell("tom", roles=["analyst"])
    tom = opened.signed_in("tom")
    with Book.of(opened.database) as book:
        person = next(one for one in people(book) if one.subject == "tom")
        with tom.socket() as wire:
            assert REFUSED not in wire.run("import")
            fragments = {one.delta.fragment_id for one in wire.seen} - {""}
            set_role(book, BOSS, person, Role.VIEWER)
            assert REFUSED in wire.run("import", fragment=next(iter(fragments), "made-up"))
            assert REFUSED in wire.run("import")
            set_role(book, BOSS, person, None)
            assert out(wire, "have no role yet")
        assert socket_status(tom) == 403
        page = tom.http.get("/worth", headers={"accept": "text/html"})
        assert page.status_code == 403
        assert "You have no role yet" in page.text


@pytest.mark.promise("A05")
def test_A05_who_is_shut_out_is_out_at_the_next_click_and_stays_out(opened):
    opened.tell("sue", roles=["analyst"])
    sue = opened.signed_in("sue")
    with Book.of(opened.database) as book:
        person = next(one for one in people(book) if one.subject == "sue")
        with sue.socket() as wire:
            wire.run("")
            set_disabled(book, BOSS, person, disabled=True)
            assert out(wire, "access was taken away")
        sue.sign_in("sue")
        assert sue.http.get("/_stcore/host-config").status_code == 401
        assert socket_status(sue) == 403


@pytest.mark.promise("A05")
def test_A05_signing_out_kills_copies_of_the_cookie(opened):
    opened.tell("zoe", roles=["admin"])
    zoe = opened.signed_in("zoe")
    copy = zoe.cookie
    assert socket_status(zoe, cookie=copy) == 0
    with zoe.socket() as wire:
        wire.run("")
        zoe.http.get("/auth/logout")
        assert out(wire, "have signed out")
    assert socket_status(zoe, cookie=copy) == 403
    answer = httpx.get(f"{opened.address}/_stcore/host-config", headers={"cookie": copy})
    assert answer.status_code == 401


@pytest.mark.promise("A05")
def test_A05_every_sign_in_of_a_person_can_be_ended_at_once(opened):
    opened.tell("max", roles=["viewer"])
    first, second = opened.signed_in("max"), opened.signed_in("max")
    with Book.of(opened.database) as book:
        person = next(one for one in people(book) if one.subject == "max")
        end_all(book, person.person_id, datetime.now(UTC))
    assert socket_status(first) == socket_status(second) == 403


@pytest.mark.promise("A08")
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", None])
def test_A08_a_socket_from_a_foreign_page_is_refused(ada, origin):
    assert socket_status(ada, origin=origin) == 403


@pytest.mark.promise("A08")
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "localhost.evil.example"},
        {"host": "localhost:1@evil.example"},
        {"host": "evil.example", "x-forwarded-host": "localhost"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "null"},
    ],
)
def test_A08_a_wrong_host_or_a_foreign_page_is_refused_for_who_is_signed_in(ada, headers):
    for verb in VERBS:
        assert ada.http.request(verb, "/_stcore/host-config", headers=headers).status_code == 400


@pytest.mark.promise("A08")
def test_A08_an_upload_without_the_token_of_the_page_is_refused(ann):
    with ann.socket() as wire:
        wire.run("")
        for forged in ("", "2|00000000|00|1"):
            assert ann.upload(wire.session, token=forged).status_code == 403


@pytest.mark.promise("A10")
def test_A10_nonsense_and_half_open_connections_leave_the_server_well(opened, vera, tell):
    port = int(opened.address.rpartition(":")[2])
    log = opened.database.parent / "logs"
    before = sum(file.stat().st_size for file in log.iterdir())
    for number in range(200):
        with vera.socket() as wire:
            wire.socket.send(os.urandom(64) if number % 2 else "a text")
            with pytest.raises(ConnectionClosed):
                wire.socket.recv(timeout=20)
    half = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(300)]
    try:
        for one in half:
            one.sendall(b"GET /worth HTTP/1.1\r\nHost: loc")
        started = time.monotonic()
        assert httpx.get(f"{opened.address}/_stcore/health", timeout=20).status_code == 200
        assert time.monotonic() - started < 20
        with vera.socket() as wire:
            assert "MENU" in wire.run("")
    finally:
        for one in half:
            one.close()
    grown = sum(file.stat().st_size for file in log.iterdir()) - before
    assert grown < 1_000_000
    tell("malformed frames", 200)
    tell("half-open connections", 300)


@pytest.mark.promise("A11")
@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/script-health-check"]
)
def test_A11_what_nobody_needs_is_shut_also_for_an_admin(ada, path):
    for verb in ("GET", "POST"):
        assert ada.http.request(verb, path).status_code == 400


@pytest.mark.promise("P08")
def test_P08_signing_in_and_out_and_refusals_stand_in_the_log(opened):
    opened.tell("kim", roles=["viewer"])
    kim = opened.signed_in("kim")
    with kim.socket() as wire:
        wire.run("import")
    kim.http.get("/auth/logout")
    mine = [one for one in audit.entries(opened.database) if one.actor == "kim@example.com"]
    assert [one.action for one in mine] == ["SIGNED_OUT", "REFUSED", "SIGNED_IN"]
    assert audit.verify(opened.database).whole


def test_after_signing_in_the_page_that_was_wanted_is_shown_and_no_foreign_one(opened):
    visitor = opened.visitor()
    visitor.http.get("/worth?segment=SMB", headers={"accept": "text/html"})
    assert visitor.sign_in("vera").headers["location"] == "/worth?segment=SMB"
    other = opened.visitor()
    other.http.cookies.set("cxdash_wanted", "Ly9ldmlsLmV4YW1wbGU_")  # //evil.example?
    assert other.sign_in("vera").headers["location"] == "/"


def test_no_cookie_lives_longer_than_a_sign_in_or_is_read_by_a_script(opened):
    visitor = opened.visitor()
    lines = visitor.sign_in("vera").headers.get_list("set-cookie")
    mine = [line for line in lines if line.startswith("_streamlit_user")]
    assert len(mine) == 2
    assert all("Max-Age=43200" in line and "HttpOnly" in line for line in mine)


@pytest.mark.promise("A03")
def test_A03_a_deep_link_as_the_first_request_after_a_start_shows_nothing(
    tmp_path_factory, thorough, tell
):
    """Each page on a fresh server; sign-ins outlive a restart, rights are asked anew."""
    folder = tmp_path_factory.mktemp("restarts")
    database = filled(folder / "cx.duckdb")
    names = [page.name for page in PAGES] if thorough else ["access"]
    with provider() as there:
        for page in names:
            with house(folder, database, there) as fresh:
                stranger = fresh.visitor()
                first = stranger.http.get(f"/{page}", headers={"accept": "text/html"})
                assert refused(first), page
                assert socket_status(stranger) == 403
            with house(folder, database, there) as fresh, fresh.signed_in("vera").socket() as wire:
                needs = next(one.needs for one in PAGES if one.name == page)
                assert (REFUSED in wire.run(page)) == (needs.name != "VIEW")
            tell("starts", 2)


assert set(MAY) == set(PEOPLE)
