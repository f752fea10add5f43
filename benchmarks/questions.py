"""How long each question takes at the size of a large company: cold, with the panel built, again.

Each run is a process of its own on a copy of the same database. Cold means that nothing has been
worked out yet: the panel is built and the windows are looked up within the time shown. The second
asking is answered from what was kept for this state of the data.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks import company
from cxdash.questions.ask import QUESTIONS

ROOT: Final = Path(__file__).resolve().parents[1]
COLD_S: Final = 15.0
WARM_S: Final = 0.3
LIMIT_MIB: Final = 3072
PATIENCE: Final = 300  # seconds for one process

Runs = dict[str, dict[str, dict[str, Any]]]


def measure(folder: Path, size: company.Size) -> Runs:
    """Question to what was measured ``cold`` and ``built``; an empty run took too long."""
    folder.mkdir(parents=True, exist_ok=True)
    bare, built = folder / "company.duckdb", folder / "built.duckdb"
    bare.unlink(missing_ok=True)
    print("Making up the company ...", flush=True)
    company.fill(bare, size)
    shutil.copyfile(bare, built)
    found: Runs = {"panel": {"cold": _run("panel", built), "built": {}}}
    for name in QUESTIONS:
        found[name] = {
            "cold": _on_a_copy(name, bare, folder),
            "built": _on_a_copy(name, built, folder),
        }
    for database in folder.glob("*.duckdb"):
        database.unlink()
    return found


def _on_a_copy(name: str, database: Path, folder: Path) -> dict[str, Any]:
    copy = folder / "asked.duckdb"
    shutil.copyfile(database, copy)
    return _run(name, copy)


def _run(name: str, database: Path) -> dict[str, Any]:
    """What one process measured; empty if it was stopped because it took too long."""
    print(f"Asking {name} ...", flush=True)
    command = [sys.executable, "-m", "benchmarks.measure", "question", str(database), name]
    try:
        done = subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return {}
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def problems(found: Runs) -> list[str]:
    """What took longer, or more memory, than it may."""
    told = []
    for name, runs in found.items():
        for kind, run in runs.items():
            if not run and (name, kind) != ("panel", "built"):
                told.append(f"{name}, {kind}: no answer within {PATIENCE} seconds")
            elif run:
                told += _beyond(f"{name}, {kind}", run)
    return told


def _beyond(what: str, run: dict[str, Any]) -> Iterator[str]:
    if run["first"] > COLD_S:
        yield f"{what}: {run['first']:.1f} s, {COLD_S:.0f} allowed"
    if run["again"] > WARM_S:
        yield f"{what}, again: {run['again']:.2f} s, {WARM_S} allowed"
    if run["peak_mib"] > LIMIT_MIB:
        yield f"{what}: {run['peak_mib']:,.0f} MiB held, {LIMIT_MIB:,} allowed"


def section(found: Runs, size: company.Size, machine: str, today: str) -> str:
    """The part of docs/performance.md on questions."""
    panel = found["panel"]["cold"]["first"]
    return f"""# How long an answer takes

Written by `make bench` on {today}; repeat it on your own machine. {machine}.
{size.customers:,} customers over {company.MONTHS} months, {size.answers:,} questionnaires of
{len(company.ITEMS)} items, {size.contacts:,} support contacts, made up.

{table(found)}

- Cold: a fresh process, nothing worked out yet; the panel is built within the time (it alone takes
  {panel:.1f} s). Allowed: {COLD_S:.0f} s.
- Panel built: a fresh process after somebody has asked anything since the last import.
- Again: the same question a second time, from what is kept for this state of the data. Allowed:
  {WARM_S} s.
- CPU: what the process computed in that time, all threads together; on a machine busy with other
  work the seconds say more of that work.
- The ratio is that of the cold time to building the panel alone; it depends less on the machine
  than the seconds do. Memory is the most the whole process held ({LIMIT_MIB:,} MiB allowed).
"""


def table(found: Runs) -> str:
    """One line a question."""
    heads = (
        "question",
        "cold, s",
        "CPU of it, s",
        "panel built, s",
        "again, s",
        "cold / panel",
        "memory, MiB",
        "status",
    )
    lines = [_line(heads), _line(("---", *("---:",) * (len(heads) - 2), "---"))]
    panel = found["panel"]["cold"]["first"]
    for name, runs in found.items():
        cold, built = runs["cold"], runs["built"]
        if not cold:
            lines.append(_line((name, f"stopped after {PATIENCE}", *("",) * (len(heads) - 2))))
            continue
        held = max(run.get("peak_mib", 0) for run in (cold, built))
        cells = (
            name,
            f"{cold['first']:.1f}",
            f"{cold['first_cpu']:.1f}",
            f"{built['first']:.1f}" if built else "",
            f"{cold['again']:.2f}",
            f"{cold['first'] / panel:.1f}",
            f"{held:,.0f}",
            cold.get("status", ""),
        )
        lines.append(_line(cells))
    return "\n".join(lines)


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
