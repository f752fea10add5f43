"""Threads and imports side by side: nobody gets another's result, half an import or old news."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from demo_company import ROOT, company

from benchmarks import company as large
from cxdash import intake, questions
from cxdash.facts import Scope
from cxdash.intake import Mapping
from cxdash.store import Database

COUNTED = (
    "SELECT (SELECT count(*) FROM contacts WHERE is_current) AS rows, "
    "(SELECT sum(cost) FROM contacts WHERE is_current) AS cost, "
    "(SELECT count(*) FROM imports) AS imports"
)


def load_tickets(db):
    mapping = (company().exports / "mappings" / "tickets.toml").read_text(encoding="utf-8")
    return intake.load(db, company().tickets, Mapping.from_toml(mapping))


@pytest.mark.promise("C02")
def test_C02_readers_see_the_state_before_an_import_or_after_it_and_nothing_between(tmp_path, tell):
    with Database(company().copied(tmp_path)) as db:
        seen, ended = Counter(), threading.Event()

        def read():
            while not ended.is_set():
                with db.snapshot() as view:
                    (found,) = view.rows(COUNTED)
                    version = view.data_version
                seen[version, tuple(found.values())] += 1
                ended.wait(0.002)

        readers = [threading.Thread(target=read) for _ in range(4)]
        before = tuple(db.rows(COUNTED)[0].values())
        for reader in readers:
            reader.start()
        receipt = load_tickets(db)
        after = tuple(db.rows(COUNTED)[0].values())
        ended.set()
        for reader in readers:
            reader.join()
        assert after[0] - before[0] == receipt.rows_loaded == 2_000
        assert {state for _, state in seen} == {before, after}
        assert len(seen) == 2, "one state for each version of the data"
        tell("reads during an import", seen.total())


@pytest.mark.promise("C03")
def test_C03_fifty_threads_get_their_own_results_only(tmp_path, tell, thorough):
    """Every query carries the number of its thread; every question the segment it asked for."""
    threads, queries = 50, 200 if thorough else 20
    with Database(company().copied(tmp_path)) as db:
        scopes = [Scope(where=(("segment", name),)) for name in ("Enterprise", "SMB")]
        own = [json.dumps(questions.ask(db, "change", scope).to_json()) for scope in scopes]
        assert own[0] != own[1]
        foreign = []

        def ask(number):
            for turn in range(queries):
                tag = number * queries + turn
                (found,) = db.rows(
                    "SELECT CAST(? AS INTEGER) AS tag, count(*) AS n FROM contacts "
                    "WHERE length(contact_id) > ?",
                    [tag, number % 3],
                )
                if found["tag"] != tag:
                    foreign.append((tag, found))
                which = tag % 2
                if turn % 5:
                    continue
                told = questions.ask(db, "change", scopes[which])
                if json.dumps(told.scope.to_json()) not in own[which]:
                    foreign.append((tag, told.scope))
            told = questions.ask(db, "change", scopes[number % 2])
            if json.dumps(told.to_json()) != own[number % 2]:
                foreign.append((number, "an answer"))

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(ask, range(threads)))
        assert foreign == []
        tell("queries by threads side by side", threads * queries)


@pytest.mark.promise("S11")
def test_S11_one_corrected_cell_in_200_000_rows_moves_every_figure_for_everyone_at_once(tmp_path):
    path, fresh = tmp_path / "large.duckdb", tmp_path / "fresh.duckdb"
    large.fill(path, large.Size(customers=12_500, answers=2_000, contacts=2_000))
    with Database(path) as db:
        assert db.rows("SELECT count(*) AS n FROM revenue")[0]["n"] > 200_000
        before = figures(db)
        with db.writing() as cur:
            cur.execute(
                "UPDATE revenue SET amount = amount + CAST(5000000 AS DECIMAL(18, 4)) "
                "WHERE row_key = (SELECT min(row_key) FROM revenue WHERE dated = "
                "(SELECT max(dated) FROM revenue))"
            )
        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(lambda _: figures(db), range(8)))
    shutil.copy(path, fresh)
    with Database(fresh) as again:
        recomputed = figures(again)
    assert all(one == recomputed for one in seen)
    assert recomputed != before


def figures(db):
    (total,) = db.rows("SELECT sum(amount) AS amount FROM revenue WHERE is_current")
    assert isinstance(total["amount"], Decimal)
    return str(total["amount"]), json.dumps(questions.ask(db, "revenue").to_json(), default=str)


CHILD = """
import datetime, json, sys
from pathlib import Path
from cxdash import intake, questions
from cxdash.store import Database

shift = datetime.timedelta(days=int(sys.argv[2]))

class OfItsKind(type):
    def __instancecheck__(cls, value):
        return isinstance(value, cls.__mro__[1])

class Moment(datetime.datetime, metaclass=OfItsKind):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + shift

moved = 0
for name, module in list(sys.modules.items()):
    if name.startswith("cxdash") and getattr(module, "datetime", None) is datetime.datetime:
        module.datetime = Moment
        moved += 1
assert moved > 3

FILES = ("crm_accounts", "subscriptions", "invoices", "survey_relationship", "tickets")
TABLES = ("customers", "subscriptions", "revenue", "responses", "scores", "contacts")
WHOLE = "SELECT count(*) AS n, sum(CAST(hash(t) AS HUGEINT)) AS whole FROM "
with Database(Path(sys.argv[1])) as db:
    for name in FILES:
        mapping = (Path(sys.argv[3]) / "mappings" / f"{name}.toml").read_text()
        intake.load(db, Path(sys.argv[3]) / f"{name}.csv", intake.Mapping.from_toml(mapping))
    told = {name: questions.ask(db, name).to_json() for name in ("change", "listening")}
    rows = {table: str(db.rows(f"{WHOLE} {table} AS t")) for table in TABLES}
print(json.dumps([told, rows], default=str, sort_keys=True))
"""
SERVERS = (("UTC", 0), ("Pacific/Kiritimati", 0), ("America/Los_Angeles", 400))


@pytest.mark.promise("S12")
def test_S12_neither_the_time_zone_nor_the_clock_of_the_server_changes_a_row_or_a_figure(
    tmp_path, tell
):
    """The demo company, loaded and asked on three servers, one with a clock 400 days ahead."""
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-c", CHILD, str(tmp_path / f"{days}{place[:3]}.duckdb")),
                *(str(days), str(company().exports)),
            ],
            cwd=ROOT,
            env={**os.environ, "TZ": place},
            stdout=subprocess.PIPE,
            text=True,
        )
        for place, days in SERVERS
    ]
    told = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert told[0] == told[1] == told[2]
    tell("servers in other time zones and years", len(told) - 1)
