"""What an import did, counted from its rows before they are put away: sums, matches, warnings."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import duckdb

from cxdash.facts.format import counted
from cxdash.intake.loading.matching import LOW_MATCH, matched
from cxdash.intake.loading.receipt import SHOWN_REJECTS, Money, Receipt, Reject, ScoreCounts
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.table import Table
from cxdash.intake.recognition.remembered import fingerprint
from cxdash.store.tables import DAY

__all__ = ["account", "now"]

# Ids by which rows of other tables find their customer or their order.
_POINTED_AT: Final = {"customers": "customer_id", "orders": "order_id"}
_MONEY_ROLE: Final = {
    "revenue": "amount",
    "subscriptions": "monthly_amount",
    "contacts": "cost",
    "control_totals": "amount",
}


def now() -> datetime:
    """The time of an import, in UTC without fractions of a second."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def account(
    cur: duckdb.DuckDBPyConnection,
    table: Table,
    mapping: Mapping,
    import_id: int,
    *,
    is_demo: bool,
) -> Receipt:
    counts = dict(cur.execute("SELECT standing, count(*) FROM keyed GROUP BY standing").fetchall())
    loaded = counts.get("new", 0) + counts.get("superseding", 0) + counts.get("added", 0)
    twin = cur.execute(
        "SELECT min(import_id) FROM imports WHERE sha256 = $sha AND undone_at IS NULL",
        {"sha": table.scan.sha256},
    ).fetchall()[0][0]
    first, last = _days(cur, mapping)
    receipt = Receipt(
        import_id=import_id,
        kind=mapping.kind,
        file_name=table.scan.name,
        sheet=table.file.sheet,
        sha256=table.scan.sha256,
        bytes=table.scan.bytes,
        rows_read=sum(counts.values()),
        rows_loaded=loaded,
        rows_superseding=counts.get("superseding", 0),
        rows_duplicate=counts.get("extra", 0) + counts.get("repeat", 0),
        rows_rejected=counts.get("rejected", 0),
        rejects=_rejects(cur, len(mapping.sources)),
        reasons=_reasons(cur),
        mapping=mapping.to_toml(),
        imported_at=now(),
        money=_money(cur, mapping),
        scores=_scores(cur, mapping),
        matched=matched(cur, mapping.kind, import_id),
        first_day=first,
        last_day=last,
        same_file_as=twin,
        unused_columns=tuple(name for name in table.header if name not in mapping.sources),
        completeness=mapping.completeness,
        is_demo=is_demo,
    )
    return replace(receipt, warnings=_warnings(cur, table, mapping, receipt))


def _rejects(cur: duckdb.DuckDBPyConnection, width: int) -> tuple[Reject, ...]:
    rows = cur.execute(
        "SELECT line_no, refusal, raw FROM keyed WHERE standing = 'rejected' "
        f"ORDER BY line_no LIMIT {SHOWN_REJECTS}"
    ).fetchall()
    # A row that does not line up with the header stands whole behind ``width`` empty cells.
    return tuple(
        Reject(line, reason, tuple(raw[width:] or (cell or "" for cell in raw)))
        for line, reason, raw in rows
    )


def _reasons(cur: duckdb.DuckDBPyConnection) -> tuple[tuple[str, int], ...]:
    """What rows were rejected for, cell contents and line numbers left out, commonest first."""
    rows = cur.execute(
        "SELECT regexp_replace(regexp_replace(refusal, ': ''.*?'' ', ': ', 'gs'), "
        "'lines \\d+ and \\d+', 'several lines'), count(*) FROM keyed "
        "WHERE standing = 'rejected' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50"
    ).fetchall()
    return tuple((what, count) for what, count in rows)


def _days(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> tuple[str, str]:
    role = DAY[mapping.kind]
    first, last = cur.execute(
        f"SELECT CAST(min({role}) AS DATE), CAST(max({role}) AS DATE) FROM keyed "
        "WHERE standing <> 'rejected'"
    ).fetchall()[0]
    return (first.isoformat() if first else "", last.isoformat() if last else "")


def _money(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> tuple[Money, ...]:
    role = _MONEY_ROLE.get(mapping.kind)
    if role is None or role not in mapping.columns:
        return ()
    rows = cur.execute(
        f"""
        SELECT k.currency, sum(k.{role}),
          coalesce(sum(k.{role}) FILTER (k.standing IN ('new', 'superseding')), 0),
          coalesce(sum(o.{role}) FILTER (k.standing = 'superseding'), 0)
        FROM keyed AS k LEFT JOIN {mapping.kind} AS o
          ON k.standing = 'superseding' AND o.row_key = k.row_key AND NOT o.is_current
          AND o.import_id = (SELECT max(p.import_id) FROM {mapping.kind} AS p
                             WHERE p.row_key = k.row_key AND NOT p.is_current)
        WHERE k.{role} IS NOT NULL AND k.currency IS NOT NULL GROUP BY 1 ORDER BY 1
        """  # an amount without a currency, such as a count among control totals, is no money
    ).fetchall()
    return tuple(Money(*row) for row in rows)


def _scores(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> tuple[ScoreCounts, ...]:
    found = []
    for at, score in enumerate(mapping.scores):
        rows = cur.execute(
            f"SELECT s{at}, count(*) FROM keyed WHERE standing IN ('new', 'superseding') "
            f"AND s{at} IS NOT NULL GROUP BY 1 ORDER BY 1"
        ).fetchall()
        found.append(ScoreCounts(score.item, score.variant, tuple(rows)))
    return tuple(found)


def _warnings(
    cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, receipt: Receipt
) -> tuple[str, ...]:
    said: list[str] = []
    if receipt.same_file_as is not None:
        said.append(
            f"This file has the same bytes as import {receipt.same_file_as}, which is in force."
        )
    if receipt.matched is not None and receipt.matched < LOW_MATCH:
        said.append(
            f"Only {receipt.matched:.1%} of the rows belong to a customer or order that is loaded. "
            "Figures that join these rows with money would speak of that part only."
        )
    if (
        receipt.matched is None
        and "customer_id" in mapping.columns
        and mapping.kind
        not in (
            "customers",
            "orders",
            "snapshots",
        )
    ):
        said.append("No customers or orders are loaded yet, so nothing could be matched.")
    if receipt.rows_superseding:
        said.append(_superseded(cur, mapping, receipt))
        said.extend(_other_layout(cur, table, mapping))
    said.extend(_other_system(cur, mapping))
    ambiguous = cur.execute(
        "SELECT count(*) FROM (SELECT alias FROM customer_keys WHERE is_current "
        "AND alias IN (SELECT alias FROM alias_rows) "
        "GROUP BY alias HAVING count(DISTINCT customer_id) > 1)"
    ).fetchall()[0][0]
    if ambiguous:
        said.append(
            f"{counted(ambiguous, 'other name', 'other names')} of this file "
            f"{'belongs' if ambiguous == 1 else 'belong'} to more than one customer, counting "
            f"the files loaded before, and {'is' if ambiguous == 1 else 'are'} not used to match."
        )
    currencies = [money.currency for money in receipt.money]
    if len(currencies) > 1:
        said.append(
            f"The file holds {len(currencies)} currencies ({', '.join(currencies)}); "
            "they are never added up without exchange rates."
        )
    said.extend(
        f"Answers to {score.item!r} were turned round, because its low end is the good one."
        for score in mapping.scores
        if not score.high_is_good
    )
    if receipt.rows_loaded == 0:
        said.append("No row of this file was new.")
    if mapping.completeness == "sample":
        said.append(f"The file is a sample, not everything. {mapping.note}".strip())
    return tuple(said)


def _superseded(cur: duckdb.DuckDBPyConnection, mapping: Mapping, receipt: Receipt) -> str:
    role = _MONEY_ROLE.get(mapping.kind)
    replaced = counted(
        receipt.rows_superseding,
        "row replaces an earlier version of itself",
        "rows replace an earlier version of themselves",
    )
    if role is None or role not in mapping.columns:
        return f"{replaced}."
    rows = cur.execute(
        f"SELECT coalesce(currency, '?'), sum({role}) FROM keyed "
        "WHERE standing = 'superseding' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    before = {money.currency: money.replaced for money in receipt.money}
    changes = ", ".join(
        f"{currency} {before.get(currency, 0):,.2f} became {now or 0:,.2f}"
        for currency, now in rows
    )
    return f"{replaced}: {changes}."


def _other_layout(cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping) -> list[str]:
    """Rows of another layout under the same keys may be another system's rows."""
    if mapping.source:
        return []
    rows = cur.execute(
        f"SELECT DISTINCT o.import_id FROM {mapping.kind} AS o JOIN keyed AS k "
        "ON o.row_key = k.row_key AND k.standing = 'superseding' AND NOT o.is_current "
        "JOIN imports AS i ON i.import_id = o.import_id WHERE i.layout <> $layout ORDER BY 1",
        {"layout": fingerprint(table.header)},
    ).fetchall()
    if not rows:
        return []
    numbers = ", ".join(str(row[0]) for row in rows)
    sentence = (
        f"Rows of import {numbers}, a file of another layout, carry the same keys and were "
        "replaced. If the files come from different systems, undo this import and set a source in "
        "the mapping, so that their numbers stay apart."
    )
    return [sentence]


def _other_system(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> list[str]:
    """A source keeps rows of two systems apart, but other files name customers by the bare id."""
    role = _POINTED_AT.get(mapping.kind)
    if role is None:
        return []
    sources = {
        number: tomllib.loads(text).get("source", "")
        for number, text in cur.execute(
            "SELECT import_id, mapping FROM imports WHERE kind = $kind AND undone_at IS NULL",
            {"kind": mapping.kind},
        ).fetchall()
    }
    others = [number for number, source in sources.items() if source != mapping.source]
    count, found = cur.execute(
        f"SELECT count(DISTINCT k.{role}), list_sort(list(DISTINCT o.import_id)) "
        f"FROM keyed AS k JOIN {mapping.kind} AS o ON o.{role} = k.{role} AND o.is_current "
        "WHERE k.standing <> 'rejected' AND list_contains($others::INTEGER[], o.import_id)",
        {"others": others},
    ).fetchall()[0]
    if not count:
        return []
    what = role.removesuffix("_id")
    named = ", ".join(
        f"import {number} ({f'source {sources[number]}' if sources[number] else 'no source'})"
        for number in found
    )
    sentence = (
        f"TWO SYSTEMS USE THE SAME NUMBERS: {counted(count, f'{what} id', f'{what} ids')} of this "
        f"file also {'stands' if count == 1 else 'stand'} in "
        f"{named}. Files that name a {what} do so by the bare number, so nobody can tell which one "
        f"they mean. If both mean the same {what}, undo this import and load it with the same "
        "source; if not, give the numbers of one system a prefix in all of its files and load "
        "them again."
    )
    return [sentence]
