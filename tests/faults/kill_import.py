"""Imports killed at random moments, again and again; what is left is whole, or this says so.

    PYTHONPATH=. python tests/faults/kill_import.py --kills 100 [--seed 7] [--folder FOLDER]

A demo company is made up, half of its files are loaded into a prepared database, and what the
database holds is written down after each further file. Then, for each kill, a process of its own
loads those files into a copy and is killed (SIGKILL, with everything it started) after a random
time. The copy is opened again by this process, as after a restart. It must hold exactly one of the
states written down, at least everything the killed process had called done, and its list of
imports, its raw rows and the ledger beside it must agree.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cxdash import intake
from cxdash.demo.exports import FILES, write
from cxdash.intake import Mapping
from cxdash.store import Database

TODAY = date(2026, 11, 21)
ROOT = Path(__file__).parents[2]
# Everything but what says when it was: the time of an import, and the receipt that repeats it.
_TIMED = {"imports": "imported_at, receipt"}
PATIENCE = 120


@dataclass
class Outcome:
    """What many kills left behind."""

    before: int = 0  # nothing of the files was loaded
    between: int = 0  # some files whole, the others not at all
    after: int = 0  # all of them
    during: Counter[str] = field(default_factory=Counter)  # what the process was doing
    wrong: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return self.before + self.between + self.after + len(self.wrong)


@dataclass(frozen=True)
class Prepared:
    """States a copy may be found in, in order; lines told on the way, and seconds a line."""

    states: list[dict[str, str]]
    lines: int
    pace: float


def prepare(folder: Path, *, customers: int = 120, months: int = 18) -> Prepared:
    """Make the files and the database to start from."""
    files = folder / "files"
    write(files, customers=customers, months=months, seed=3)
    start = folder / "start" / "company.duckdb"
    with Database(start) as db:
        for name in _first():
            _load(db, files, name)
    states = []
    whole = folder / "whole"
    shutil.copytree(start.parent, whole)
    with Database(whole / start.name) as db:
        states.append(_state(db))
        for name in _rest():
            _load(db, files, name)
            states.append(_state(db))
    trial = folder / "trial"
    shutil.copytree(start.parent, trial)
    return Prepared(states, *_undisturbed(trial, files))


def kill(folder: Path, prepared: Prepared, draw: random.Random, outcome: Outcome) -> None:
    """Import into a copy, kill, open again, compare."""
    states = prepared.states
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "start", copy)
    # Any step is as likely as any other, however long it takes.
    at = draw.randrange(prepared.lines)
    told = _killed(copy, folder / "files", at, draw.uniform(0, prepared.pace))
    doing = re.sub(r"[\d,.]+ ?", "", told[-1]) if told else "opening"
    outcome.during["between files" if doing.startswith(("done", "Done")) else doing] += 1
    done = sum(line.startswith("done") for line in told)
    with Database(copy / "company.duckdb") as db:
        found = _state(db)
        problems = _disagreements(db)
        if db.loss.imports:
            problems.append(f"the ledger misses {db.loss.imports}")
    if found not in states:
        nearest = min(states, key=lambda one: len(one.items() ^ found.items()))
        problems.append(f"tables {sorted({name for name, _ in nearest.items() ^ found.items()})}")
    elif states.index(found) < done:
        problems.append(f"{done} files were called done, {states.index(found)} are there")
    if problems:
        outcome.wrong.append("; ".join(problems))
    elif found == states[0]:
        outcome.before += 1
    elif found == states[-1]:
        outcome.after += 1
    else:
        outcome.between += 1


def run(folder: Path, kills: int, seed: int) -> Outcome:
    """Prepare once and kill so many times."""
    prepared = prepare(folder)
    draw = random.Random(seed)  # noqa: S311 - nothing here is secret
    outcome = Outcome()
    for _ in range(kills):
        kill(folder, prepared, draw, outcome)
    return outcome


def _first() -> tuple[str, ...]:
    return FILES[: len(FILES) // 2]


def _rest() -> tuple[str, ...]:
    return FILES[len(FILES) // 2 :]


def _load(
    db: Database, files: Path, name: str, progress: Callable[[float, str], None] | None = None
) -> None:
    text = (files / "mappings" / f"{Path(name).stem}.toml").read_text(encoding="utf-8")
    intake.load(db, files / name, Mapping.from_toml(text), today=TODAY, progress=progress)


def _state(db: Database) -> dict[str, str]:
    """A hash of what each table holds, in whatever order."""
    with db.cursor() as cur:
        tables = [
            row[0]
            for row in cur.execute(
                "SELECT table_name FROM duckdb_tables() WHERE NOT temporary "
                "AND NOT starts_with(table_name, 'panel_')"
            ).fetchall()
        ]
        found = {}
        for name in tables:
            shown = f"* EXCLUDE ({_TIMED[name]})" if name in _TIMED else "*"
            rows, digest = cur.execute(
                "SELECT count(*), coalesce(sum(CAST(md5_number_lower(CAST(t AS VARCHAR)) AS "
                f"HUGEINT)), 0) FROM (SELECT {shown} FROM {name}) AS t"
            ).fetchall()[0]
            found[name] = f"{rows} {digest:x}"
    return found


def _disagreements(db: Database) -> list[str]:
    """Imports whose raw rows are not as many as their receipt counts."""
    rows = db.rows(
        "SELECT i.import_id, i.rows_read, count(r.import_id) AS kept, "
        "count(*) FILTER (r.status = 'rejected') AS rejected, i.rows_rejected "
        "FROM imports AS i LEFT JOIN raw_rows AS r USING (import_id) GROUP BY ALL"
    )
    told = [
        f"import {row['import_id']}: {row['rows_read']} rows read, {row['kept']} kept"
        for row in rows
        if (row["rows_read"], row["rows_rejected"]) != (row["kept"], row["rejected"])
    ]
    orphans = db.rows(
        "SELECT count(*) AS n FROM raw_rows WHERE import_id NOT IN (SELECT import_id FROM imports)"
    )[0]["n"]
    return [*told, *([f"{orphans} raw rows of no import"] if orphans else [])]


def _begun(copy: Path, files: Path) -> subprocess.Popen[bytes]:
    """A process that imports the files into the copy, with a group of its own."""
    return subprocess.Popen(
        [sys.executable, __file__, "--child", str(copy), str(files)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )


def _undisturbed(copy: Path, files: Path) -> tuple[int, float]:
    """How many lines the process tells when nobody kills it, and seconds a line."""
    process = _begun(copy, files)
    assert process.stdout is not None
    process.stdout.readline()
    begun = time.monotonic()
    lines = len(process.stdout.readlines())
    process.wait(PATIENCE)
    return lines, (time.monotonic() - begun) / lines


def _killed(copy: Path, files: Path, lines: int, seconds: float) -> list[str]:
    """What the process told before it was killed: so many seconds after so many lines."""
    told = []
    process = _begun(copy, files)
    assert process.stdout is not None
    try:
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("the process that imports did not start")
        told += [process.stdout.readline() for _ in range(lines)]
        time.sleep(seconds)
    finally:
        # The whole group: a reader must not outlive the one it reads for.
        os.killpg(process.pid, signal.SIGKILL)
        told += process.stdout.readlines()
        process.wait(PATIENCE)
    return [line.decode().strip() for line in told if line.strip()]


def _import(copy: Path, files: Path) -> None:
    """What the killed process does."""
    with Database(copy / "company.duckdb") as db:
        print("ready", flush=True)
        for name in _rest():
            _load(db, files, name, lambda _, text: print(text, flush=True))
            print("done", name, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary one unless given")
    parser.add_argument("--child", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _import(*options.child)
        return 0
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        outcome = run(Path(folder), options.kills, options.seed)
    print(
        f"{outcome.kills} kills: {outcome.before} left the state before, {outcome.after} the state "
        f"after, {outcome.between} some files whole and the others untouched, "
        f"{len(outcome.wrong)} anything else."
    )
    print("Killed while:", ", ".join(f"{what} {n}" for what, n in outcome.during.most_common()))
    for problem in outcome.wrong:
        print(problem)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
