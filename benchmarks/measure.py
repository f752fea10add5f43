"""One measured run in a process: ``python -m benchmarks.measure engine|cxdash FOLDER``, or
``python -m benchmarks.measure question DATABASE NAME``.

Prints one JSON document: seconds for each step, and the most memory the process ever held. The
folder holds the files; the database is made in it and removed first.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import duckdb

from cxdash import intake, questions
from cxdash.facts import Scope
from cxdash.panel import panel
from cxdash.store import Database

FILES: Final = ("customers", "answers", "revenue")
MAPPINGS: Final = Path(__file__).parent / "mappings"
KIBIBYTE: Final = 1024


def cxdash(folder: Path) -> dict[str, Any]:
    """Load the three files through intake."""
    found: dict[str, Any] = {"seconds": {}, "rows": {}}
    with Database(_fresh(folder / "cxdash.duckdb")) as db:
        for name in FILES:
            text = (MAPPINGS / f"{name}.toml").read_text(encoding="utf-8")
            mapping = intake.Mapping.from_toml(text)
            seconds, receipt = _timed(
                lambda n=name, m=mapping: intake.load(db, folder / f"{n}.csv", m)
            )
            found["seconds"][name] = seconds
            found["rows"][name] = receipt.rows_loaded
            found["amount"] = str(receipt.money[0].loaded) if receipt.money else None
    return found


def question(database: Path, name: str) -> dict[str, Any]:
    """Ask a question twice; ``panel`` is no question: only the panel is built."""
    found: dict[str, Any] = {}
    with Database(database) as db:
        for when in ("first", "again"):
            worked = time.process_time()
            if name == "panel":
                found[when], _ = _timed(lambda: panel(db))
            else:
                found[when], answer = _timed(lambda: questions.ask(db, name, Scope()))
                found["status"] = answer.status
            found[f"{when}_cpu"] = time.process_time() - worked
    return found


def engine(folder: Path) -> dict[str, Any]:
    """What the database engine alone needs to copy the same files into a table of its own.

    It guesses the types and checks nothing: a floor to compare with, not an alternative.
    """
    found: dict[str, Any] = {"seconds": {}, "rows": {}}
    with duckdb.connect(str(_fresh(folder / "engine.duckdb"))) as connection:
        connection.execute("SET memory_limit = '1GB'")
        for name in FILES:
            path = str(folder / f"{name}.csv").replace("'", "''")
            found["seconds"][name], _ = _timed(
                lambda n=name, p=path: connection.execute(
                    f"CREATE TABLE {n} AS SELECT * FROM read_csv('{p}')"
                ).fetchall()
            )
            counted = connection.execute(f"SELECT count(*) FROM {name}").fetchall()
            found["rows"][name] = counted[0][0]
    return found


def _fresh(path: Path) -> Path:
    for old in (path, path.with_name(f"{path.name}.wal")):
        old.unlink(missing_ok=True)
    return path


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _peak_mib() -> float:
    """Most memory held so far by this process or by one it started, in MiB (Linux counts KiB)."""
    usage = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    unit = KIBIBYTE**2 if sys.platform == "darwin" else KIBIBYTE
    return max(usage) / unit


if __name__ == "__main__":
    runs = {"cxdash": cxdash, "engine": engine, "question": question}
    result = runs[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
    result["peak_mib"] = _peak_mib()
    print(json.dumps(result))
