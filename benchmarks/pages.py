"""docs/performance.md and its parts: each is written by the run that measured it."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from cxdash import __version__

__all__ = ["RESULTS", "machine", "put", "today"]

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results"
PERFORMANCE: Final = ROOT / "docs" / "performance.md"
PARTS: Final = ("imports", "questions", "load")


def put(part: str, text: str) -> None:
    """Put one part into the page; the others stay as they were measured."""
    before = PERFORMANCE.read_text(encoding="utf-8") if PERFORMANCE.exists() else ""
    parts = {name: _between(before, name) for name in PARTS} | {part: text.strip()}
    page = "\n\n".join(f"{_mark(name)}\n{parts[name]}" for name in PARTS if parts[name])
    PERFORMANCE.write_text(page + "\n", encoding="utf-8")


def machine() -> str:
    """What the figures were measured on."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, cxdash {__version__}"
    )


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def _mark(part: str) -> str:
    return f"<!-- {part} -->"


def _between(page: str, part: str) -> str:
    """The text of a part, up to the next mark."""
    _, found, rest = page.partition(_mark(part))
    return rest.partition("<!-- ")[0].strip() if found else ""
