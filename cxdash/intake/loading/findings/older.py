"""Rows replaced by a file that tells of an earlier day than the file it replaced them of.

Nothing in a table says when it was exported. Two things may: the days of its rows end earlier, or
the names of both files differ in nothing but a day. Neither proves it, as a correction of an early
month ends early too; so what was replaced is named and priced, and a person decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from cxdash.facts.format import counted
from cxdash.intake.loading.findings.case import Case
from cxdash.intake.loading.receipt import NO_CURRENCY, Finding
from cxdash.intake.loading.written import cents

__all__ = ["older"]

_DAY: Final = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class _Newer:
    """An import of which rows were replaced, and how this file tells of an earlier day."""

    import_id: int
    how: str


def older(case: Case) -> Iterator[Finding]:
    """Rows of a newer file that this one, by its days or its name an older one, replaced."""
    newer = _newer(case) if case.receipt.rows_superseding else []
    if not newer:
        return
    numbers = [one.import_id for one in newer]
    count = case.rows(
        "SELECT count(*) FROM earlier WHERE import_id IN (SELECT unnest($numbers))", numbers=numbers
    )[0][0]
    sums = _sums(case, numbers)
    moved = "; ".join(
        f"{currency} {cents(before)} became {cents(after)}"
        for currency, (before, after) in sums.items()
        if before != after
    )
    rows = counted(count, "row was replaced", "rows were replaced")
    sentence = (
        f"{rows} by a file that may be an older export: {'; '.join(one.how for one in newer)}"
        f"{f'. {moved}' if moved else ''}. If it is older, undo this import; what it replaced then "
        "counts again. If it corrects those rows, leave it."
    )
    money = {name: after - before for name, (before, after) in sums.items() if after != before}
    yield Finding("older", count, sentence, "warn", money)


def _newer(case: Case) -> list[_Newer]:
    found = []
    for number, name, last in case.rows(
        "SELECT import_id, file_name, json_extract_string(receipt, '$.last_day') FROM imports "
        "WHERE import_id IN (SELECT import_id FROM earlier) ORDER BY 1"
    ):
        mine, theirs = _named(case.receipt.file_name), _named(name)
        if mine and theirs and mine[0] == theirs[0] and mine[1] < theirs[1]:
            how = f"its name says {mine[1]}, that of import {number} says {theirs[1]}"
            found.append(_Newer(number, how))
        elif last and case.receipt.last_day and case.receipt.last_day < last:
            how = f"its rows end on {case.receipt.last_day}, those of import {number} on {last}"
            found.append(_Newer(number, how))
    return found


def _named(name: str) -> tuple[str, date] | None:
    """The one day in the name of a file, and the name without it; None without one."""
    days = _DAY.findall(name)
    if len(days) != 1:
        return None
    year, _, month, day = days[0]
    try:
        return _DAY.sub("", name), date(int(year), int(month), int(day))
    except ValueError:
        return None


def _sums(case: Case, numbers: list[int]) -> dict[str, tuple[Decimal, Decimal]]:
    """What the rows replaced amounted to before and after, by currency."""
    if not case.money:
        return {}
    rows = case.rows(
        f"""
        WITH theirs AS (
          SELECT row_no, currency, {case.money} AS amount FROM earlier
          WHERE import_id IN (SELECT unnest($numbers))
        ), sides AS (
          SELECT currency, amount AS before, 0 AS after FROM theirs UNION ALL
          SELECT k.currency, 0, k.{case.money} FROM keyed AS k SEMI JOIN theirs AS t
            ON t.row_no = k.row_no
        )
        SELECT coalesce(currency, $none), coalesce(sum(before), 0), coalesce(sum(after), 0)
        FROM sides GROUP BY 1 ORDER BY 1
        """,
        numbers=numbers,
        none=NO_CURRENCY,
    )
    return {currency: (Decimal(before), Decimal(after)) for currency, before, after in rows}
