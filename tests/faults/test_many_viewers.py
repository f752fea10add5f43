"""Real websockets, many at once: right figures during an import, after a crash, and no leak."""

import asyncio
import contextlib
import csv
import json
import os
import re
import signal
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest
from demo_company import ROOT, command, company
from websockets.exceptions import ConnectionClosed

from benchmarks.load import importing, truth
from benchmarks.load.crowd import Crowd
from benchmarks.load.server import running
from benchmarks.load.viewer import Viewer

SCOPES = truth.SCOPES[:2]
PAGES = ("listening", "change")
APP = ROOT / "app.py"
MIB = 1_048_576
HALF = 10  # MiB: of the large export, which would stay whole if it were not given back


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the command line says before the further export is loaded, and after it."""
    database = company().copied(tmp_path_factory.mktemp("told"))
    before = truth.asked(database, PAGES, SCOPES)
    command(database, "import", str(company().tickets))
    after = truth.asked(database, PAGES, SCOPES)
    assert before != after
    return before, after


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One server for all that do not end it; who has left is forgotten within a second."""
    folder = tmp_path_factory.mktemp("served")
    forgets = ("--server.disconnectedSessionTTL", "1")
    database = company().copied(folder / "db")
    with running(APP, folder / "server.log", database, settings=forgets) as server:
        yield server
    assert "Traceback" not in (folder / "server.log").read_text(errors="replace")


@pytest.fixture
def log_of(served):
    """The folder of the server's log."""
    return served.database.parent / "logs"


def test_the_check_of_the_figures_finds_those_of_another_scope(served, told):
    """What C04 rests on: a viewer who is shown another's page is told."""

    async def look():
        async with Viewer(served.address) as viewer:
            return [await viewer.open("listening", dict(scope)) for scope in SCOPES]

    drawn = asyncio.run(look())
    names = [truth.name_of("listening", scope) for scope in SCOPES]
    agree = [[not truth.differs(page, told[0][name]) for name in names] for page in drawn]
    assert agree == [[True, False], [False, True]]
    assert truth.differs(replace(drawn[0], texts=[]), told[0][names[0]])
    four = replace(drawn[0], texts=[("value-share", "4%")])
    assert not truth.differs(four, "share left  4%  n 20")
    for other in ("14%", "4%5", "3.4%", "-4%", "1,4%"):
        assert truth.differs(four, f"share left  {other}  n 20")


@pytest.mark.promise("C10")
def test_C10_sessions_that_come_and_go_leave_nothing_behind(served, tell, thorough):
    """A short soak; `python -m benchmarks.load soak` runs it for hours and gives the slope."""
    rounds, people = (30, 20) if thorough else (4, 8)

    async def visit(number):
        async with Viewer(served.address) as viewer:
            for page in PAGES:
                drawn = await viewer.open(page, dict(SCOPES[number % 2]))
                assert drawn.errors == []

    async def wave():
        await asyncio.gather(*(visit(number) for number in range(people)))

    held = []
    for _ in range(rounds):
        asyncio.run(wave())
        held.append(served.rss_mib)
    middle = rounds // 2
    growth = max(held[middle:]) - max(held[:middle])
    assert growth < 40, held
    tell("sessions that came and went", rounds * people)


@pytest.mark.promise("C06")
def test_C06_uploads_give_their_memory_back_while_their_tab_stays_open(tmp_path, tell, thorough):
    """Nobody else leaves meanwhile: freeing does not wait for that.

    On a server of its own, whose first uploads also load code and fill caches.
    """
    first, uploads = 3, 20 if thorough else 6
    file = large_export(tmp_path / "answers.csv")
    database = company().copied(tmp_path / "db")

    async def day(server):
        async with Viewer(server.address) as idle, Viewer(server.address) as viewer:
            await idle.open("")
            for number in range(first + uploads):
                if number == first:
                    start = server.rss_mib
                await importing.upload(viewer, file)
                await viewer.press("away-0")
                assert viewer.last.errors == []
            for _ in range(60):
                if server.rss_mib - start < HALF * uploads:
                    break
                await asyncio.sleep(1)
            return start, server.rss_mib

    with running(APP, tmp_path / "server.log", database) as server:
        start, end = asyncio.run(day(server))
    assert end - start < HALF * uploads, f"{start:.0f} MiB before, {end:.0f} MiB after"
    tell("uploads of 20 MB", first + uploads)


@pytest.mark.promise("C04", "S10")
def test_C04_viewers_get_their_own_right_figures_while_an_import_runs(served, told, tell, thorough):
    """Each viewer's scope has its own figures: another's, or half an import, would show."""
    viewers, seconds = (50, 60.0) if thorough else (8, 6.0)

    async def day():
        crowd = Crowd(served.address, list(told), pages=PAGES, scopes=SCOPES)
        async with Viewer(served.address) as bringer:
            watching = asyncio.create_task(crowd.watch(viewers, seconds, between=seconds / 12))
            await importing.upload(bringer, company().tickets)
            await bringer.press("load-0")
        # That tab is closed now: the import goes on without it.
        await watching
        async with Viewer(served.address) as later:
            await importing.until_loaded(later)
            after = Crowd(served.address, [told[1]], pages=PAGES, scopes=SCOPES)
            await after.watch(3, 0.1, between=0.1)
        return crowd.looks, after.looks

    during, after = asyncio.run(day())
    assert [look.problem for look in (*during, *after) if look.problem] == []
    assert {look.viewer for look in during} == set(range(viewers))
    assert len(during) > 4 * viewers
    tell("viewers at once", viewers)
    tell("pages checked figure by figure", len(during) + len(after))


@pytest.mark.promise("A10")
def test_A10_frames_that_mean_nothing_leave_the_server_healthy_and_the_log_small(
    served, log_of, tell, thorough
):
    frames = 200 if thorough else 60
    before = sum(file.stat().st_size for file in log_of.iterdir())

    async def abuse(number):
        viewer = Viewer(served.address)
        await viewer.connect()
        with contextlib.suppress(ConnectionClosed):
            await viewer.say("text" if number % 3 == 0 else os.urandom(200))
            await viewer.say(os.urandom(50))
        await viewer.leave()

    async def all_of_them():
        for start in range(0, frames, 20):
            await asyncio.gather(*(abuse(start + number) for number in range(20)))
        async with Viewer(served.address) as viewer:
            return await viewer.open("change")

    assert asyncio.run(all_of_them()).errors == []
    with urlopen(f"{served.address}/health", timeout=20) as reply:  # noqa: S310 - loopback
        assert json.load(reply)["status"] == "ready"
    grown = sum(file.stat().st_size for file in log_of.iterdir()) - before
    assert grown < 2_000 * frames
    tell("frames that mean nothing", 2 * frames)


@pytest.mark.promise("P07")
def test_P07_after_all_this_no_line_of_any_log_holds_a_customer_a_file_or_a_session(
    served, log_of, tell
):
    """All this: what the tests before it did; where it runs alone, an import of its own."""

    async def load():
        async with Viewer(served.address) as bringer:
            await importing.load(bringer, company().tickets)

    def logged():
        return [json.loads(line) for line in (log_of / "cxdash.log").read_text().splitlines()]

    if "import.done" not in {line["event"] for line in logged()}:
        asyncio.run(load())
    written = [*log_of.iterdir(), log_of.parents[1] / "server.log"]
    text = "\n".join(file.read_text(errors="replace") for file in written)
    lines = logged()
    assert {"start", "import.started", "import.done", "deed"} <= {line["event"] for line in lines}
    with company().tickets.open(newline="") as source:
        rows = list(csv.DictReader(source))
    seeds = {row["Account ID"] for row in rows} | {row["Ticket ID"] for row in rows}
    seeds |= {row["Handling Cost (USD)"] for row in rows if len(row["Handling Cost (USD)"]) > 5}
    seeds |= {"more_tickets", "answers.csv", "West desk", "_streamlit", str(log_of.parent)}
    found = [seed for seed in seeds if re.search(rf"(?<![0-9a-f]){re.escape(seed)}(?!\w)", text)]
    assert found == []
    tell("texts searched for in the logs", len(seeds))


@pytest.mark.promise("C09")
def test_C09_after_a_killed_server_everyone_comes_back_to_the_last_committed_data(
    tmp_path, told, tell
):
    viewers = 10
    database = company().copied(tmp_path / "db")

    async def arrive(server):
        people = [Viewer(server.address) for _ in range(viewers)]
        await asyncio.gather(*(one.connect() for one in people))
        await asyncio.gather(
            *(one.open("change", dict(SCOPES[n % 2])) for n, one in enumerate(people))
        )
        async with Viewer(server.address) as bringer:
            await importing.load(bringer, company().tickets)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        return people

    async def come_back(people, server):
        sessions = [one.session for one in people]
        for one in people:
            one.address = server.address
        await asyncio.gather(*(one.connect() for one in people))
        drawn = await asyncio.gather(
            *(one.open("change", dict(SCOPES[n % 2])) for n, one in enumerate(people))
        )
        for one in people:
            await one.leave()
        return drawn, sessions, [one.session for one in people]

    async def day():
        log = tmp_path / "server.log"
        with running(APP, log, database) as first:
            people = await arrive(first)
        with running(APP, log, database) as second:
            return await come_back(people, second)

    drawn, sessions, now = asyncio.run(day())
    assert [page.errors for page in drawn] == [[]] * viewers
    assert [
        truth.differs(page, told[1][truth.name_of("change", SCOPES[number % 2])])
        for number, page in enumerate(drawn)
    ] == [""] * viewers
    assert set(now).isdisjoint(sessions), "a session of the old server is not resumed"
    tell("sessions that came back", viewers)


def large_export(file: Path):
    words = "word " * 1_900
    rows = (f"{n:06d},{n % 11},2024-01-{n % 28 + 1:02d},{words}\n" for n in range(2_100))
    file.write_text("Account ID,Score,Date,Comment\n" + "".join(rows))
    assert file.stat().st_size > 19 * MIB
    return file
