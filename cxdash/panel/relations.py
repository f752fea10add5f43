"""Portable SQL files and how they are filled in.

Each file under ``sql/`` is one SELECT in the small SQL that DuckDB, Spark and PostgreSQL share
(no as-of joins, no ``qualify``, months counted as integers). ``:name`` stands for a value.
Values are typed, and texts are quoted, so that nothing a person typed can become SQL.
"""

import hashlib
import re
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

__all__ = ["DAYS_A_MONTH", "month_end", "month_index", "recipe", "relation"]

DAYS_A_MONTH: Final = 30.4375  # on average over four years
_SLOT = re.compile(r":([a-z_]+)\b")
_UNSAFE_TEXT = re.compile(r"[\\\x00-\x1f]")  # engines disagree on backslashes in a literal

Filling = int | date | str | tuple[int, ...]


def relation(name: str, **values: Filling) -> str:
    """The SELECT of that name with its slots filled.

    Raises
    ------
    ValueError
        A slot has no value, or a text value holds a backslash or a control character.
    """

    def fill(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise ValueError(f"relation {name} needs a value for {found[1]}")
        return _literal(values[found[1]])

    return _SLOT.sub(fill, _read(name))


@cache
def recipe() -> str:
    """A fingerprint of all relations: a panel that another version built is told by it."""
    folder = resources.files("cxdash.panel") / "sql"
    texts = sorted((file.name, file.read_text(encoding="utf-8")) for file in folder.iterdir())
    return hashlib.sha256(repr(texts).encode()).hexdigest()


@cache
def _read(name: str) -> str:
    file = resources.files("cxdash.panel") / "sql" / f"{name}.sql"
    lines = file.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))


def _literal(value: Filling) -> str:
    if isinstance(value, bool):
        raise ValueError("a flag is not a value of a relation")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, tuple):
        return ", ".join(str(int(part)) for part in value)
    if _UNSAFE_TEXT.search(value):
        raise ValueError(f"{value!r} cannot stand in a relation")
    return "'" + value.replace("'", "''") + "'"


def month_index(day: date) -> int:
    """Months since year 0, so that window frames over months are plain integers."""
    return 12 * day.year + day.month - 1


def month_end(index: int) -> date:
    """Last day of the month of that index."""
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
