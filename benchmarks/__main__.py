"""``python -m benchmarks [--customers N] [--answers N] [--revenue N]``: measure, check, write down.

The import is timed beside the database engine's own reader of the same files, each in a process
of its own, engine first. Exit code 1 if a row or a cent is missing or memory passed the limit.
docs/performance.md is written at the full size only.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks import files
from cxdash import __version__

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results"
PERFORMANCE: Final = ROOT / "docs" / "performance.md"
LIMIT_MIB: Final = 2048
PATIENCE: Final = 600  # seconds for one process
ANSWERS: Final = ("worth", "worth again")
FULL: Final = {"customers": 100_000, "answers": 1_000_000, "revenue": 2_000_000}


def main() -> int:
    """Run both, compare with the truth, print and keep the table."""
    sizes = vars(_parser().parse_args())
    folder = RESULTS / "files"
    print("Writing the files ...", flush=True)
    truth = files.write(folder, **sizes)
    measured = {who: _run(who, folder) for who in ("engine", "cxdash", "worth")}
    for database in folder.glob("*.duckdb"):
        database.unlink()
    table = _table(sizes, folder, measured)
    print(table)
    kept = {"sizes": sizes, "machine": _machine(), **measured}
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    (RESULTS / f"{stamp}.json").write_text(json.dumps(kept, indent=2), encoding="utf-8")
    if sizes == FULL:
        PERFORMANCE.write_text(_document(table, measured["worth"]), encoding="utf-8")
    problems = _problems(measured, truth)
    print("\n".join(problems), file=sys.stderr)
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    for name, size in FULL.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    return parser


def _run(who: str, folder: Path) -> dict[str, Any]:
    """What one process measured; empty if it was stopped because it took too long."""
    print(f"Measuring {who} ...", flush=True)
    command = [sys.executable, "-m", "benchmarks.measure", who, str(folder)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return {}
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _problems(measured: dict[str, Any], truth: dict[str, int | Decimal]) -> list[str]:
    found = measured["cxdash"]
    problems = [
        f"{name}: {found['rows'][name]:,} rows loaded, {truth[name]:,} written"
        for name in FULL
        if found["rows"][name] != truth[name]
    ]
    if Decimal(found["amount"]) != truth["amount"]:
        problems.append(f"amount: {found['amount']} loaded, {truth['amount']} written")
    if not measured["worth"]:
        problems.append(f"worth: no answer within {PATIENCE} seconds")
    problems += [
        f"memory of {who}: {measured[who]['peak_mib']:,.0f} MiB held, {LIMIT_MIB:,} allowed"
        for who in ("cxdash", "worth")
        if measured[who].get("peak_mib", 0) > LIMIT_MIB
    ]
    return problems


def _table(sizes: dict[str, int], folder: Path, measured: dict[str, Any]) -> str:
    engine, ours = measured["engine"], measured["cxdash"]
    lines = [
        "| what | rows | MB | cxdash, s | engine alone, s | ratio |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, rows in sizes.items():
        size = (folder / f"{name}.csv").stat().st_size / 1e6
        mine, floor = ours["seconds"][name], engine["seconds"][name]
        times = f"{mine:.1f} | {floor:.1f} | {mine / floor:.1f}"
        lines.append(f"| import {name} | {rows:,} | {size:.0f} | {times} |")
    held = f"{ours['peak_mib']:,.0f} | {engine['peak_mib']:,.0f}"
    return "\n".join(
        [
            *lines,
            f"| most memory while importing, MiB | | | {held} | |",
            *_answer_lines(measured["worth"]),
        ]
    )


def _answer_lines(answer: dict[str, Any]) -> list[str]:
    if not answer:
        return [f"| worth | | | stopped after {PATIENCE} | | |"]
    return [
        *(f"| {name} | | | {answer['seconds'][name]:.1f} | | |" for name in ANSWERS),
        f"| most memory while answering, MiB | | | {answer['peak_mib']:,.0f} | | |",
    ]


def _machine() -> str:
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, cxdash {__version__}"
    )


def _document(table: str, answer: dict[str, Any]) -> str:
    today = datetime.now(UTC).date().isoformat()
    return f"""# How long a large import takes

Written by `make bench` on {today}; repeat it on your own machine.
{_machine()}.

{table}

- cxdash reads every cell as text, checks every row, keeps the raw rows, finds what is new, a
  duplicate or a correction, and writes all of it in one transaction with a receipt.
- "Engine alone" is DuckDB's own `read_csv` of the same file into a table of its own: types
  guessed, nothing checked, nothing kept. It is the floor to compare with; the ratio depends less on
  the machine than the seconds do.
- After the import every row and every cent was compared with what the files were written from.
- Memory is the most the whole process held ({LIMIT_MIB:,} MiB allowed).
- "worth" is one answer over {FULL["customers"]:,} customers with random data{_status(answer)}.
"""


def _status(answer: dict[str, Any]) -> str:
    return f'; its status was "{answer["status"]}"' if answer else ""


if __name__ == "__main__":
    sys.exit(main())
