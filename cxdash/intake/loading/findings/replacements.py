"""Rows that were there before: the same file, an overlap, and amounts that were restated."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from cxdash.facts.format import counted, listed
from cxdash.intake.loading.findings.case import Case
from cxdash.intake.loading.receipt import Finding, Restated
from cxdash.intake.loading.written import amounts, cents
from cxdash.store.tables import CANONICAL, DAY

__all__ = ["overlap", "replaced", "restated", "same_file"]

_MONTHS: Final = 24
_CUSTOMERS: Final = 5
_TOLD: Final = 6


def restated(case: Case) -> tuple[Restated, ...]:
    """How money changed by replaced rows: by month, in order, then the customers it hits most."""
    if not case.money or not case.receipt.rows_superseding:
        return ()
    months = _changes(case, "month", _month(case))
    most = sorted(months, key=lambda one: -abs(one.change))[:_MONTHS]
    shown = sorted(most, key=lambda one: (one.name, one.currency))
    if "customer_id" not in CANONICAL[case.kind].types:
        return tuple(shown)
    customers = _changes(case, "customer", "customer_id")
    hit = sorted(customers, key=lambda one: (-abs(one.change), one.name))[:_CUSTOMERS]
    return (*shown, *hit)


def _changes(case: Case, by: str, name: str) -> list[Restated]:
    """Sums that differ, by what ``name`` says of the old and of the new version of a row."""
    rows = case.rows(
        f"""
        WITH sides AS (
          SELECT {name} AS name, currency, {case.money} AS before, 0 AS after FROM earlier
          UNION ALL
          SELECT {name}, currency, 0, {case.money} FROM keyed WHERE standing = 'superseding'
        )
        SELECT name, currency, coalesce(sum(before), 0), coalesce(sum(after), 0) FROM sides
        WHERE currency IS NOT NULL AND name IS NOT NULL
        GROUP BY 1, 2 HAVING sum(before) IS DISTINCT FROM sum(after) ORDER BY 1, 2
        """
    )
    kind: Restated = Restated(
        "month" if by == "month" else "customer", "", "", Decimal(0), Decimal(0)
    )
    return [
        replace(kind, name=row[0], currency=row[1], before=Decimal(row[2]), after=Decimal(row[3]))
        for row in rows
    ]


def same_file(case: Case) -> Iterator[Finding]:
    """The same bytes again."""
    twin = case.receipt.same_file_as
    if twin is not None:
        when = case.rows("SELECT imported_at FROM imports WHERE import_id = $twin", twin=twin)[0][0]
        yield Finding(
            "same_file",
            case.receipt.rows_read,
            f"This file has the same bytes as import {twin}, which is in force since "
            f"{when:%Y-%m-%d %H:%M} UTC.",
            "warn",
        )


def replaced(case: Case) -> Iterator[Finding]:
    """Rows that take the place of an earlier version, and what that did to the money."""
    count = case.receipt.rows_superseding
    if not count:
        return
    told = counted(
        count,
        "row replaces an earlier version of itself",
        "rows replace an earlier version of themselves",
    )
    sums = {}
    if case.money:
        sums = {
            currency: (before, after)
            for currency, before, after in case.rows(
                f"""
                WITH sides AS (
                  SELECT currency, {case.money} AS before, 0 AS after FROM earlier UNION ALL
                  SELECT currency, 0, {case.money} FROM keyed WHERE standing = 'superseding'
                )
                SELECT coalesce(currency, '?'), coalesce(sum(before), 0), coalesce(sum(after), 0)
                FROM sides GROUP BY 1 ORDER BY 1
                """
            )
        }
    changes = "; ".join(
        f"{currency} {cents(before)} became {cents(after)}"
        for currency, (before, after) in sums.items()
    )
    money = {
        currency: Decimal(after) - Decimal(before)
        for currency, (before, after) in sums.items()
        if after != before
    }
    yield Finding(
        "replaced",
        count,
        f"{told}{f': {changes}{_a_month(case)}' if changes else ''}.{_by_month(case)}",
        "warn",
        money,
    )
    yield from _other_layout(case, money)


def _a_month(case: Case) -> str:
    return " a month" if case.money == "monthly_amount" else ""


def _by_month(case: Case) -> str:
    """The months that changed most, in order; all of them stand in the CSV of what changed."""
    if not case.money:
        return ""
    months = _changes(case, "month", _month(case))
    most = sorted(months, key=lambda one: -abs(one.change))[:_TOLD]
    named = [
        f"{one.name} {one.currency} {_signed(one.change)}"
        for one in sorted(most, key=lambda one: (one.name, one.currency))
    ]
    if not named:
        return ""
    what = "By month in which they start" if case.kind == "subscriptions" else "By month"
    if len(months) > _TOLD:
        named.append(f"{len(months) - _TOLD:,} smaller changes")
    return f" {what}: {listed(named)}."


def _month(case: Case) -> str:
    return f"strftime({DAY[case.kind]}, '%Y-%m')"


def _signed(change: Decimal) -> str:
    return f"{'+' if change > 0 else '−'}{cents(abs(change))}"


def _other_layout(case: Case, money: dict[str, Decimal]) -> Iterator[Finding]:
    """Rows of another layout under the same keys may be another system's rows."""
    if case.mapping.source:
        return
    rows = case.rows(
        "SELECT DISTINCT e.import_id FROM earlier AS e "
        "JOIN imports AS i ON i.import_id = e.import_id WHERE i.layout <> $layout ORDER BY 1",
        layout=case.layout,
    )
    if not rows:
        return
    numbers = ", ".join(str(row[0]) for row in rows)
    yield Finding(
        "other_layout",
        case.receipt.rows_superseding,
        f"Rows of import {numbers}, a file of another layout, carry the same keys and were "
        "replaced. If the files come from different systems, undo this import and set a source in "
        "the mapping, so that their numbers stay apart.",
        "stop",
        money,
    )


def overlap(case: Case) -> Iterator[Finding]:
    """Rows loaded before, and rows the file holds twice: counted once, and what they would add."""
    for standing, code in (("repeat", "overlap"), ("extra", "repeated")):
        count = case.rows("SELECT count(*) FROM unusual WHERE standing = $s", s=standing)[0][0]
        if not count:
            continue
        money: dict[str, Decimal] = {}
        if case.money:
            rows = case.rows(
                f"SELECT currency, sum({case.money}) FROM keyed WHERE standing = $s "
                "AND currency IS NOT NULL GROUP BY 1 ORDER BY 1",
                s=standing,
            )
            money = {currency: total for currency, total in rows if total}
        if standing == "repeat":
            told = (
                f"{counted(count, 'row is', 'rows are')} loaded already ({_holders(case)}) and "
                f"{'counts' if count == 1 else 'count'} once"
            )
        else:
            told = f"{counted(count, 'row repeats', 'rows repeat')} another row of the file"
        cost = f". Counted again they would have added {amounts(money)}" if money else ""
        yield Finding(code, count, f"{told}{cost}.", "info", money)


def _holders(case: Case) -> str:
    rows = case.rows(
        f"SELECT DISTINCT import_id FROM {case.kind} WHERE is_current AND row_key IN "
        "(SELECT row_key FROM unusual WHERE standing = 'repeat') ORDER BY 1"
    )
    return f"import {', '.join(str(row[0]) for row in rows)}"
