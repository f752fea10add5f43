"""Whose numbers the rows of a file carry: those of loaded rows that another layout brought.

Such rows would take the place of the loaded ones. Whether they correct them, or are another
system's rows under the same numbers, only a person knows.
"""

from collections.abc import Sequence
from typing import Final

import duckdb
import pyarrow as pa

from cxdash.errors import MappingIncomplete
from cxdash.intake.loading.typed import TYPED, key_columns
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.table import Table
from cxdash.intake.recognition.evidence import Namesakes
from cxdash.intake.recognition.namesakes import same_rows
from cxdash.intake.recognition.remembered import Brought, other_layouts

__all__ = ["named_by_others", "namesakes", "refuse_namesakes"]

_NAMED: Final = "SELECT row_key, row_hash, import_id FROM {kind} WHERE is_current"


def named_by_others(
    cur: duckdb.DuckDBPyConnection, kind: str, others: Sequence[Brought]
) -> pa.Table:
    """Key, content and import of each current row that these imports brought."""
    return cur.sql(
        f"{_NAMED.format(kind=kind)} AND list_contains(CAST($others AS INTEGER[]), import_id)",
        params={"others": [one.import_id for one in others]},
    ).to_arrow_table()


def namesakes(
    cur: duckdb.DuckDBPyConnection, mapping: Mapping, others: pa.Table, brought: Sequence[Brought]
) -> Namesakes | None:
    """The typed rows that would take the place of some of ``others``; None if none would."""
    if mapping.source or not key_columns(mapping) or not others.num_rows:
        return None
    cur.register("others", others)
    rows, imports = cur.execute(
        "SELECT count(DISTINCT t.row_name), list(DISTINCT o.import_id) "
        f"FROM {TYPED} AS t JOIN others AS o ON o.row_key = t.row_name "
        "WHERE t.refusal IS NULL AND o.row_hash <> t.content"
    ).fetchall()[0]
    cur.unregister("others")
    met = tuple(one for one in brought if rows and one.import_id in imports)
    return Namesakes(met, rows) if rows else None


def refuse_namesakes(cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping) -> None:
    """Refuse a file whose rows, as they stand, would replace rows of another layout unasked.

    Raises
    ------
    MappingIncomplete
        With the question ``same_rows``.
    """
    if mapping.source or mapping.same_rows:
        return
    replaced = dict(
        cur.execute("SELECT import_id, count(*) FROM earlier GROUP BY 1 ORDER BY 1").fetchall()
    )
    others = other_layouts(cur, mapping.kind, table.header) if replaced else ()
    met = tuple(one for one in others if one.import_id in replaced)
    if met:
        rows = sum(replaced[one.import_id] for one in met)
        question = same_rows(mapping.kind, Namesakes(met, rows))
        raise MappingIncomplete(
            f"{table.scan.name} would replace rows that came from a file of another layout.",
            questions=[f"{question.id}: {question.text} ({' / '.join(question.values)})"],
            do_next='Answer on the Import page, or set same_rows = "same" or a source in the '
            "mapping.",
        )
