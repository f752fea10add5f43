"""``python -m benchmarks.load [--viewers N] [--seconds S]``: the day of many viewers, written down.

``python -m benchmarks.load soak --minutes M`` lets viewers come and go for long and gives the slope
of the server's memory. Exit code 1 if a figure was wrong, a page failed, or a bound was passed.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks import pages
from benchmarks.load import bigger, measured, report, soak

TICKETS = 150_000


def main() -> int:
    """Make the company, ask the command line, let the viewers in, write down what they met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("what", nargs="?", choices=("day", "soak"), default="day")
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rows", type=int, default=TICKETS)
    parser.add_argument("--write", action="store_true", help="put the figures into the page")
    wish = parser.parse_args()
    folder = pages.RESULTS / "load"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    database = folder / "served" / "demo.duckdb"
    exports = folder / "exports"
    _cxdash("demo", "--load", "--db", str(database), "--out", str(exports))
    if wish.what == "soak":
        return asyncio.run(soak.run(database, wish.viewers, wish.minutes))
    return _day(wish, folder, database, exports)


def _day(wish: argparse.Namespace, folder: Path, database: Path, exports: Path) -> int:
    tickets = folder / "more_tickets.csv"
    bigger.write(exports / "tickets.csv", tickets, wish.rows)
    told = _told(folder, database, tickets)
    plain = measured.bare(folder, wish.viewers, wish.seconds / 2)
    phases, figures = measured.day(database, tickets, told, wish.viewers, wish.seconds)
    print(report.table(phases, plain))
    kept = [phase.to_json() for phase in (*phases, plain)]
    (folder / "load.json").write_text(json.dumps([kept, figures], indent=2), encoding="utf-8")
    if wish.write:
        text = report.section(
            phases,
            plain,
            figures,
            viewers=wish.viewers,
            rows=wish.rows,
            machine=pages.machine(),
            today=pages.today(),
        )
        pages.put("load", text)
    problems = list(report.problems(phases))
    print("\n".join(problems), file=sys.stderr)
    return 1 if problems else 0


def _told(folder: Path, database: Path, tickets: Path) -> list[dict[str, str]]:
    """What the command line says before the import and after it, asked on a copy."""
    aside = folder / "aside"
    shutil.copytree(database.parent, aside)
    copy = aside / database.name
    told = [_asked(copy, folder / "before.json")]
    _cxdash("import", str(tickets), "--db", str(copy))
    return [*told, _asked(copy, folder / "after.json")]


def _asked(database: Path, file: Path) -> dict[str, str]:
    subprocess.run(
        [sys.executable, "-m", "benchmarks.load.truth", str(database), str(file)], check=True
    )
    told: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return told


def _cxdash(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "cxdash", *words], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
