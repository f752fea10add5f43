"""The demo company, made once for a run of the tests, and copies of it to spoil."""

import atexit
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from benchmarks.load import bigger

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Company:
    """A database with the demo company, its exports, and a further export of tickets."""

    database: Path
    exports: Path
    tickets: Path

    def copied(self, folder):
        """The same database in another folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in self.database.parent.glob(f"{self.database.name}*"):
            shutil.copy(file, folder / file.name)
        return folder / self.database.name


@cache
def company(customers=600, rows=2_000):
    folder = Path(mkdtemp(prefix="cxdash-company-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database, exports = folder / "demo.duckdb", folder / "exports"
    command(database, "demo", "--load", "--customers", str(customers), "--out", str(exports))
    bigger.write(exports / "tickets.csv", folder / "more_tickets.csv", rows)
    return Company(database, exports, folder / "more_tickets.csv")


def command(database, *words, **environment):
    """What the command line prints when run by itself."""
    done = subprocess.run(
        [sys.executable, "-m", "cxdash", *words, "--db", str(database)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(database, question, *words):
    return json.loads(command(database, "answer", question, *words, "--json"))
