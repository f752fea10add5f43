"""Tables of entries come in: all of it or nothing, and what comes back unchanged changes nothing.

Where an entry has moved on since its row was written, the row is refused: nobody overwrites what
they did not see. A row without an id is a new entry, a row with an id nobody has here keeps it.
Rows that come in together may refer to each other.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import duckdb

from cxdash.errors import CxdashError, DataError
from cxdash.register.entries import adopt, save
from cxdash.register.fields import Value
from cxdash.register.reading import current, history
from cxdash.register.records import ID, Kept, Record, built, plain, specs
from cxdash.register.references import unknown_references
from cxdash.register.sheets import Line, lines
from cxdash.register.texts import from_text
from cxdash.store import Database, Reader, Snapshot
from cxdash.store.memo import Memo

__all__ = ["BECAME", "Brought", "Row", "bring_in"]

#: What can become of a row.
BECAME: Final = ("new", "changed", "unchanged", "refused")

_NOTHING_SAVED: Final = "Nothing was saved."


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where it stands, its id, what became of it and, if refused, why.

    ``became`` is one of ``BECAME``.
    """

    file: str
    line: int
    entry: str
    became: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of the rows of some tables; saved only where none was refused."""

    rows: tuple[Row, ...]

    @property
    def saved(self) -> bool:
        return not self.refused

    @property
    def refused(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.became == "refused")

    def number(self, became: str) -> int:
        """How many rows became that."""
        return sum(row.became == became for row in self.rows)

    @property
    def counts(self) -> str:
        """How many rows became what."""
        return ", ".join(f"{self.number(became)} {became}" for became in BECAME)

    @property
    def sentence(self) -> str:
        new = self.number("new") + self.number("changed")
        end = "All of it is saved." if self.saved and new else _NOTHING_SAVED
        return f"{len(self.rows)} rows: {self.counts}. {end}"


class _Twins:
    """Which entry says exactly the same, so that a table brought in twice counts once."""

    def __init__(self, view: Reader) -> None:
        self._view = view
        self._known: dict[type[Record], dict[str, str]] = {}

    def of(self, record: Record) -> str:
        """The id of an entry that says the same; empty where there is none."""
        return self._of_kind(type(record)).get(plain(record), "")

    def became(self, entry: str, record: Record, before: Record | None = None) -> None:
        """An entry says this from now on, and no longer what it said before."""
        known = self._of_kind(type(record))
        if before is not None and known.get(plain(before)) == entry:
            del known[plain(before)]
        known.setdefault(plain(record), entry)

    def _of_kind(self, kind: type[Record]) -> dict[str, str]:
        if kind not in self._known:
            standing = current(self._view, kind)
            self._known[kind] = {plain(kept.record): kept.id for kept in reversed(standing)}
        return self._known[kind]


class _NothingToKeep(Exception):
    """Rolls the transaction back; nobody else sees it."""


def bring_in(db: Database, files: Mapping[str, bytes], *, by: str) -> Brought:
    """Bring tables in, given by the names of their files: every row, or nothing.

    Raises
    ------
    FileRefused
        A file is no such table.
    """
    written = [line for name, content in files.items() for line in lines(name, content)]
    rows: list[Row] = []
    with suppress(_NothingToKeep), db.writing(entering=True) as cur:
        rows = _rows(cur, written, by)
        _stop_unless_new(rows)
    return Brought(tuple(rows))


def _stop_unless_new(rows: Sequence[Row]) -> None:
    """End the transaction without keeping it if a row was refused, or none holds anything new."""
    became = {row.became for row in rows}
    if "refused" in became or became <= {"unchanged"}:
        raise _NothingToKeep


def _rows(cur: duckdb.DuckDBPyConnection, written: Sequence[Line], by: str) -> list[Row]:
    """Save the rows one after the other; then look whether all they refer to is there."""
    view = Snapshot(cur, Memo())
    rows: list[Row] = []
    records: list[Record | None] = []
    seen: set[str] = set()
    twins = _Twins(view)
    for line in written:
        try:
            if line.entry and line.entry in seen:
                raise _refusal(f"{line.entry} stands twice in what was brought in.")
            seen.add(line.entry)
            entry, became, record = _brought(cur, view, twins, line, by)
        except CxdashError as error:
            rows.append(Row(line.file, line.line, line.entry, "refused", _why(error)))
            records.append(None)
        else:
            rows.append(Row(line.file, line.line, entry, became))
            records.append(record)
    for place, saved in enumerate(records):
        missing = () if saved is None else unknown_references(cur, saved)
        if missing:
            row = rows[place]
            rows[place] = Row(row.file, row.line, row.entry, "refused", " ".join(missing))
    return rows


def _why(error: CxdashError) -> str:
    found: Sequence[str] = getattr(error, "problems", ())
    return " ".join(found) or error.what


def _refusal(what: str) -> DataError:
    return DataError(what, state=_NOTHING_SAVED)


def _brought(
    cur: duckdb.DuckDBPyConnection, view: Reader, twins: _Twins, line: Line, by: str
) -> tuple[str, str, Record]:
    """Save a row; its id, what became of it, and the record it is now."""
    newest = _newest(view, line) if line.entry else None
    record = _record(line, newest)
    if newest is not None:
        if plain(newest.record) == plain(record) and newest.what != "removed":
            return line.entry, "unchanged", record
        _same_version(line, newest)
        save(cur, record, by=by, entry=line.entry, expects=newest.version)
        twins.became(line.entry, record, newest.record)
        return line.entry, "changed", record
    if line.entry:
        adopt(cur, record, line.entry, by=by)
        twins.became(line.entry, record)
        return line.entry, "new", record
    twin = twins.of(record)
    if twin:
        return twin, "unchanged", record
    entry = save(cur, record, by=by)
    twins.became(entry, record)
    return entry, "new", record


def _newest(view: Reader, line: Line) -> Kept[Record] | None:
    kind = line.kind
    if not (ID.fullmatch(line.entry) and line.entry.startswith(f"{kind.KIND}-")):
        raise _refusal(f"{line.entry!r} is no id like {kind.KIND}-1.")
    found = history(view, kind, line.entry)
    return found[-1] if found else None


def _record(line: Line, newest: Kept[Record] | None) -> Record:
    """The record of a row; a field without a column keeps what it held."""
    values: dict[str, Value] = {}
    for name, spec in specs(line.kind).items():
        if name in line.cells:
            try:
                values[name] = from_text(spec, line.cells[name])
            except ValueError as error:
                raise _refusal(f"{spec.label}: {error}.") from None
        elif newest is not None:
            values[name] = getattr(newest.record, name)
    return built(line.kind, values)


def _same_version(line: Line, newest: Kept[Record]) -> None:
    """Refused unless the row was made from the version that counts now."""
    told = line.cells.get("version", "").strip()
    moment = line.cells.get("changed_at", "").strip()
    if newest.what == "removed":
        raise _refusal(f"{newest.id} was removed by {newest.by} on {newest.at:%Y-%m-%d}.")
    if told != str(newest.version):
        raise _refusal(
            f"{newest.by} has changed {newest.id} meanwhile: the row is version {told or '?'}, "
            f"now there is version {newest.version}."
        )
    if moment and moment != newest.at.isoformat():
        raise _refusal(
            f"{newest.id} here is another entry than the one in the file: it was made "
            f"{newest.at:%Y-%m-%d %H:%M} by {newest.by}. Empty the id to bring yours in as new."
        )
