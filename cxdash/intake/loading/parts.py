"""The SQL of a typed row under construction: expressions in layers, and reasons to refuse it."""

from dataclasses import dataclass, field

from cxdash.intake.cells import Parameters
from cxdash.intake.reading.table import Table
from cxdash.store.spreadsheet import RESTORED

__all__ = ["Parts", "as_written", "translated"]


@dataclass(slots=True)
class Parts:
    """SQL under construction.

    ``layers`` name to expression: an expression may use names of the layers before its own, never
    of its own, so that the engine computes each of them once. ``reasons`` are CASE expressions,
    ``erased`` conditions that the row names a customer who was erased.
    """

    cells: dict[str, str] = field(default_factory=dict)
    layers: tuple[dict[str, str], ...] = field(default_factory=lambda: ({}, {}, {}, {}))
    reasons: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)

    def text(self, name: str, sql: str) -> None:
        """The text a value is read from."""
        self.layers[0][name] = sql

    def read(self, name: str, sql: str) -> None:
        """A reading of a text that several things depend on."""
        self.layers[1][name] = sql

    def value(self, name: str, sql: str) -> None:
        """A column of the typed row."""
        self.layers[2][name] = sql

    def replace(self, name: str, sql: str) -> None:
        """A column of the typed row that depends on another column of it."""
        self.layers[3][name] = sql

    def refuse(self, when: str, text: str) -> None:
        self.reasons.append(f"CASE WHEN {when} THEN {text} END")


def as_written(table: Table, cell: str) -> str:
    """The cell without the apostrophe that our own exports put before what looks like a formula."""
    if table.scan.form != "text":
        return cell
    return f"CASE WHEN starts_with({cell}, chr(39)) THEN {RESTORED.format(cell)} ELSE {cell} END"


def translated(cell: str, values: tuple[tuple[str, object], ...], parameters: Parameters) -> str:
    """The cell, with the words a person explained replaced by what they mean."""
    if not values:
        return cell
    words = parameters.add([word.strip().lower() for word, _ in values])
    meanings = parameters.add([_plain(meaning) for _, meaning in values])
    table = f"map(CAST({words} AS VARCHAR[]), CAST({meanings} AS VARCHAR[]))"
    return f"coalesce(map_extract_value({table}, lower({cell})), {cell})"


def _plain(meaning: object) -> str:
    return f"{meaning:g}" if isinstance(meaning, float) else str(meaning)
