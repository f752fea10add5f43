"""``python -m benchmarks [imports|questions]``: measure, check, write down.

Exit code 1 if a row or a cent is missing, or something took longer or more memory than it may.
docs/performance.md is written at the full size only, each part by itself.
"""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks import company, imports, questions
from cxdash import __version__

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results"
PERFORMANCE: Final = ROOT / "docs" / "performance.md"
PARTS: Final = ("imports", "questions")


def main() -> int:
    """Run what was asked for, print and keep the tables."""
    wish = _parser().parse_args()
    told = []
    if wish.part != "questions":
        told += _imports({name: getattr(wish, name) for name in imports.FULL})
    if wish.part != "imports":
        told += _questions(company.Size())
    print("\n".join(told), file=sys.stderr)
    return 1 if told else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("part", nargs="?", choices=PARTS, help="only this part")
    for name, size in imports.FULL.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    return parser


def _imports(sizes: dict[str, int]) -> list[str]:
    measured, truth = imports.measure(RESULTS / "files", sizes)
    print(imports.table(sizes, measured))
    _keep("imports", sizes, measured)
    if sizes == imports.FULL:
        _write("imports", imports.section(sizes, measured, _machine(), _today()))
    return imports.problems(measured, truth)


def _questions(size: company.Size) -> list[str]:
    measured = questions.measure(RESULTS / "company", size)
    print(questions.table(measured))
    _keep("questions", asdict(size), measured)
    _write("questions", questions.section(measured, size, _machine(), _today()))
    return questions.problems(measured)


def _keep(part: str, sizes: dict[str, int], measured: dict[str, Any]) -> None:
    kept = {"sizes": sizes, "machine": _machine(), **measured}
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    (RESULTS / f"{part}-{stamp}.json").write_text(json.dumps(kept, indent=2), encoding="utf-8")


def _write(part: str, text: str) -> None:
    """Put one part into the page; the other stays as it was measured."""
    before = PERFORMANCE.read_text(encoding="utf-8") if PERFORMANCE.exists() else ""
    parts = {name: _between(before, name) for name in PARTS} | {part: text.strip()}
    page = "\n\n".join(f"{_mark(name)}\n{parts[name]}" for name in PARTS if parts[name])
    PERFORMANCE.write_text(page + "\n", encoding="utf-8")


def _mark(part: str) -> str:
    return f"<!-- {part} -->"


def _between(page: str, part: str) -> str:
    """The text of a part, up to the next mark."""
    _, found, rest = page.partition(_mark(part))
    return rest.partition("<!-- ")[0].strip() if found else ""


def _machine() -> str:
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, cxdash {__version__}"
    )


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


if __name__ == "__main__":
    sys.exit(main())
