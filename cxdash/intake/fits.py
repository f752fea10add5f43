"""How many customers that are known each column of a file names, counted over the whole file.

Counted are only columns that may name the customer: the one taken for it, those a person is asked
about, and unused ones of which a sample is a known customer. Without such a column the file is not
read for it.
"""

from typing import Final

import duckdb

from cxdash.intake import cells
from cxdash.intake.batch import Known, bring_names
from cxdash.intake.kinds import KINDS
from cxdash.intake.loading.matching import SAY_WHO_EXISTS
from cxdash.intake.loading.parts import as_written
from cxdash.intake.reading.staging import STAGED, column, stage
from cxdash.intake.reading.table import Table, open_table
from cxdash.intake.recognition.customers import ROLE
from cxdash.intake.recognition.evidence import Fit
from cxdash.intake.recognition.proposal import Proposal
from cxdash.store import scratch

__all__ = ["counted", "fits", "worth_counting"]

_MOST: Final = 24  # columns counted


def fits(proposal: Proposal, known: Known) -> tuple[Fit, ...]:
    """The columns that may name the customer with how many of their values are known.

    Raises
    ------
    FileRefused
        If the file cannot be read safely.
    """
    if not len(known.customers):
        return ()
    with scratch() as cur:
        bring_names(cur, known)
        names = worth_counting(cur, proposal)
        if not names:
            return ()
        spec = proposal.mapping.file
        table = open_table(proposal.path, file_name=proposal.file_name, spec=spec)
        stage(cur, table, names)
        return counted(cur, table, names)


def worth_counting(cur: duckdb.DuckDBPyConnection, proposal: Proposal) -> tuple[str, ...]:
    """The columns to count; none where nobody is known or no column is in question."""
    mapping = proposal.mapping
    if (
        mapping.kind in SAY_WHO_EXISTS
        or "customer_id" not in KINDS[mapping.kind].roles
        or mapping.long is not None
        or not cur.execute("SELECT count(*) FROM known_customer_id").fetchall()[0][0]
    ):
        return ()
    asked = [name for one in proposal.put if one.id == ROLE for name in one.columns]
    free = {one.name: one.samples for one in proposal.columns if not one.role}
    hits = _hits(cur, free)
    if not (asked or hits or ROLE in proposal.answers):
        return ()
    taken = [one.name for one in proposal.columns if one.role == "customer_id"]
    # What spoke for a column that has no use now: it was proposed before a person chose another.
    before = [one.name for one in proposal.columns if one.why and not one.role]
    return tuple(dict.fromkeys([*taken, *before, *hits, *asked]))[:_MOST]


def counted(
    cur: duckdb.DuckDBPyConnection, table: Table, names: tuple[str, ...]
) -> tuple[Fit, ...]:
    """Different values of each of these staged columns, and how many are known."""
    found = []
    for name in names:
        value = cells.text(as_written(table, column(table, name)))
        values, known = cur.execute(
            f"SELECT count(*), count(k.name) FROM (SELECT DISTINCT {value} AS name FROM {STAGED} "
            "WHERE problem IS NULL) AS v LEFT JOIN known_customer_id AS k ON k.name = v.name "
            "WHERE v.name IS NOT NULL"
        ).fetchall()[0]
        found.append(Fit(name, values, known))
    return tuple(found)


def _hits(cur: duckdb.DuckDBPyConnection, samples: dict[str, tuple[str, ...]]) -> list[str]:
    """Columns of which a sample is a known customer."""
    texts = sorted({text.strip() for some in samples.values() for text in some})
    known = {
        text
        for (text,) in cur.execute(
            "SELECT name FROM known_customer_id WHERE list_contains($texts::VARCHAR[], name)",
            {"texts": texts},
        ).fetchall()
    }
    return [name for name, some in samples.items() if any(text.strip() in known for text in some)]
