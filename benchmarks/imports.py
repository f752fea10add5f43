"""How long a large import takes, beside the database engine's own reader of the same files.

Each runs in a process of its own, the engine first. What was loaded is compared with what the files
were written from, row by row and cent by cent.
"""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from benchmarks import files

ROOT: Final = Path(__file__).resolve().parents[1]
LIMIT_MIB: Final = 2048
PATIENCE: Final = 600  # seconds for one process
FULL: Final = {"customers": 100_000, "answers": 1_000_000, "revenue": 2_000_000}

Truth = dict[str, int | Decimal]


def measure(folder: Path, sizes: dict[str, int]) -> tuple[dict[str, Any], Truth]:
    """What was measured, by who read the files; and what a loader must find in them."""
    print("Writing the files ...", flush=True)
    truth = files.write(folder, **sizes)
    measured: dict[str, Any] = {who: _run(who, folder) for who in ("engine", "cxdash")}
    measured["megabytes"] = {name: (folder / f"{name}.csv").stat().st_size / 1e6 for name in sizes}
    for database in folder.glob("*.duckdb"):
        database.unlink()
    return measured, truth


def _run(who: str, folder: Path) -> dict[str, Any]:
    print(f"Measuring {who} ...", flush=True)
    command = [sys.executable, "-m", "benchmarks.measure", who, str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def problems(measured: dict[str, Any], truth: Truth) -> list[str]:
    """Rows or cents that are missing, and memory beyond what is allowed."""
    found = measured["cxdash"]
    told = [
        f"{name}: {found['rows'][name]:,} rows loaded, {truth[name]:,} written"
        for name in FULL
        if found["rows"][name] != truth[name]
    ]
    if Decimal(found["amount"]) != truth["amount"]:
        told.append(f"amount: {found['amount']} loaded, {truth['amount']} written")
    if found["peak_mib"] > LIMIT_MIB:
        told.append(f"importing: {found['peak_mib']:,.0f} MiB held, {LIMIT_MIB:,} allowed")
    return told


def table(sizes: dict[str, int], measured: dict[str, Any]) -> str:
    """One line a file."""
    engine, ours = measured["engine"], measured["cxdash"]
    lines = [
        "| what | rows | MB | cxdash, s | engine alone, s | ratio |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, rows in sizes.items():
        mine, floor = ours["seconds"][name], engine["seconds"][name]
        times = f"{mine:.1f} | {floor:.1f} | {mine / floor:.1f}"
        lines.append(f"| import {name} | {rows:,} | {measured['megabytes'][name]:.0f} | {times} |")
    held = f"{ours['peak_mib']:,.0f} | {engine['peak_mib']:,.0f}"
    return "\n".join([*lines, f"| most memory while importing, MiB | | | {held} | |"])


def section(sizes: dict[str, int], measured: dict[str, Any], machine: str, today: str) -> str:
    """The part of docs/performance.md on imports."""
    return f"""# How long a large import takes

Written by `make bench` on {today}; repeat it on your own machine.
{machine}.

{table(sizes, measured)}

- cxdash reads every cell as text, checks every row, keeps the raw rows, finds what is new, a
  duplicate or a correction, and writes all of it in one transaction with a receipt.
- "Engine alone" is DuckDB's own `read_csv` of the same file into a table of its own: types
  guessed, nothing checked, nothing kept. It is the floor to compare with; the ratio depends less on
  the machine than the seconds do.
- After the import every row and every cent was compared with what the files were written from.
- Memory is the most the whole process held ({LIMIT_MIB:,} MiB allowed).
"""
