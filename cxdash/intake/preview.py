"""What a file will become if it is loaded as proposed: shown before anything is loaded.

The proposal as it stands is tried on a scratch database, over the whole file: each role with cells
as written and as understood, the rows that would be refused and why, sums, days, and how many rows
and how much money belong to customers that are known.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import duckdb

from cxdash.intake import tally
from cxdash.intake.batch import (
    NOBODY,
    Known,
    Names,
    Rows,
    bring_erased,
    bring_names,
    names_in,
    rows_in,
)
from cxdash.intake.fits import counted, worth_counting
from cxdash.intake.kinds import KINDS
from cxdash.intake.loading.namesakes import namesakes
from cxdash.intake.loading.typed import TYPED, key_columns, key_names, type_rows
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.staging import Progress, stage
from cxdash.intake.reading.table import open_table
from cxdash.intake.recognition.evidence import Fit, Namesakes
from cxdash.intake.recognition.proposal import Proposal
from cxdash.intake.sample import Line, Seen, lines
from cxdash.intake.shaping import reshape
from cxdash.intake.understood import title_of
from cxdash.store import scratch

__all__ = ["Preview", "preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The file as it would be loaded; rows = those that would be taken + ``refused``.

    ``file_rows`` are the lines of the file, of which several may make one row, or one several.
    A column whose form a person has not decided yet has a line without readings, and counts for
    nothing else. ``match`` is None where there is nobody to match by. ``met`` are the rows that
    would take the place of rows of another layout, once everything else is decided; ``brings``
    what it would bring itself, where that was to be kept; ``fits`` how many known customers each
    column names that may be the customer.
    """

    kind: str
    file_rows: int
    rows: int
    refused: int
    reasons: tuple[tally.Refusal, ...]
    lines: tuple[Line, ...]
    sums: tuple[tally.Sum, ...]
    first_day: date | None
    last_day: date | None
    match: tally.RowMatch | None
    names: Names
    met: Namesakes | None = None
    brings: Rows | None = None
    fits: tuple[Fit, ...] = ()


def preview(
    proposal: Proposal,
    *,
    rows: int = 3,
    known: Known = NOBODY,
    keep_rows: bool = False,
    today: date | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Try the proposal as it stands; nothing is loaded.

    Parameters
    ----------
    rows
        How many cells of each column are shown.
    known
        Whom the file can be matched to, as :func:`cxdash.intake.batch.known` tells.
    keep_rows
        Whether to keep what the file would bring, for a file of another layout that waits too.

    Raises
    ------
    FileRefused
        If the file cannot be read safely.
    """
    open_columns, decided = _undecided(proposal), _is_decided(proposal)
    mapping = _without(proposal.mapping, open_columns)
    table = open_table(proposal.path, file_name=proposal.file_name, spec=proposal.mapping.file)
    with scratch() as cur:
        bring_names(cur, known)
        doubted = worth_counting(cur, proposal)
        read = stage(cur, table, (*mapping.sources, *doubted), progress)
        fits = counted(cur, table, doubted)
        table = reshape(cur, table, mapping)
        bring_erased(cur, known)
        type_rows(cur, table, mapping, today or datetime.now(UTC).date())
        _settle(cur, mapping)
        rows_made, refused, reasons = tally.reasons(cur)
        first, last = tally.days(cur, mapping)
        match = tally.match(cur, mapping, known)
        names = replace(names_in(cur, mapping), in_doubt=bool(match and match.is_hopeless))
        return Preview(
            kind=mapping.kind,
            file_rows=read,
            rows=rows_made,
            refused=refused,
            reasons=reasons,
            lines=(
                *lines(cur, table, mapping, rows),
                *_to_be_decided(proposal, open_columns, rows),
            ),
            sums=tally.sums(cur, mapping),
            first_day=first,
            last_day=last,
            match=match,
            names=names,
            met=namesakes(cur, mapping, known.others, known.brought) if decided else None,
            brings=Rows(proposal.file_name, mapping.kind, proposal.header, rows_in(cur, mapping))
            if decided and keep_rows
            else None,
            fits=fits,
        )


def _is_decided(proposal: Proposal) -> bool:
    """Whether nothing is open that bears on what the rows say."""
    left = {question.id for question in proposal.questions}
    return left <= {"same_rows", "source"} and not proposal.mapping.missing()


def _undecided(proposal: Proposal) -> list[str]:
    """Source columns of which a question about form or scale is still open."""
    asked = [question.id.partition(":") for question in proposal.questions]
    return [column for subject, _, column in asked if subject in ("dates", "decimal", "scale")]


def _without(mapping: Mapping, columns: list[str]) -> Mapping:
    """The mapping without what nobody has decided; a key is kept, it is only text."""
    return replace(
        mapping,
        columns={
            role: spec for role, spec in mapping.columns.items() if spec.column not in columns
        },
        scores=tuple(score for score in mapping.scores if score.column not in columns),
    )


def _to_be_decided(proposal: Proposal, columns: list[str], most: int) -> Iterator[Line]:
    """Columns nobody has decided about, with their cells as written."""
    for profile in proposal.columns:
        if profile.name in columns:
            cells = tuple(Seen(0, text, "") for text in profile.samples[:most])
            title = (
                ", ".join(map(title_of, profile.role.split(", ")))
                if profile.role
                else "to be decided"
            )
            yield Line(
                profile.role,
                title,
                profile.name,
                "to be decided",
                profile.filled,
                cells,
                is_open=True,
            )


def _settle(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Refuse rows of one key that differ, as loading does, and add ``is_known`` to every row.

    ``is_known`` is NULL for a row that names nobody.
    """
    who = [name for name in tally.NAMES if name in KINDS[mapping.kind].roles]
    named = " OR ".join(f"{name} IS NOT NULL" for name in who) or "false"
    found = " OR ".join(
        f"coalesce({name} IN (SELECT name FROM known_{name}), false)" for name in who
    )
    differ = (
        f"SELECT own_key FROM {TYPED} WHERE refusal IS NULL AND $conflicts GROUP BY own_key "
        "HAVING min(content) <> max(content)"
    )
    what = " and ".join(key_names(mapping)) or "row"
    cur.execute(
        f"CREATE TEMP TABLE settled AS SELECT * REPLACE (CASE WHEN refusal IS NULL AND own_key IN "
        f"({differ}) THEN $what ELSE refusal END AS refusal), "
        f"CASE WHEN {named} THEN {found or 'NULL'} END AS is_known FROM {TYPED}",
        {
            "what": f"the same {what} appears on several lines with different content",
            "conflicts": key_columns(mapping) and mapping.conflicts == "reject",
        },
    )
    cur.execute(f"DROP TABLE {TYPED}")
    cur.execute(f"ALTER TABLE settled RENAME TO {TYPED}")
