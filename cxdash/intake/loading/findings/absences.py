"""Rows of earlier files that a new file of the same layout should hold, and does not."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts.format import counted
from cxdash.intake.loading.findings.case import MONEY, Case, money_of
from cxdash.intake.loading.receipt import Finding
from cxdash.intake.loading.typed import key_columns
from cxdash.intake.loading.written import amounts
from cxdash.store.tables import DAY

__all__ = ["left_out"]

_KINDS: Final = ("revenue", "subscriptions")
# What the file does not hold of the days it covers, while it holds at least as much of them.
_ABSENT: Final = """
    FROM {kind} AS r JOIN imports AS i ON i.import_id = r.import_id
    WHERE r.is_current AND r.import_id <> $id AND i.layout = $layout AND i.undone_at IS NULL
      AND r.{day} BETWEEN $first::DATE AND $last::DATE
      AND r.row_key NOT IN (SELECT row_key FROM keyed WHERE row_key IS NOT NULL)
"""


def left_out(case: Case) -> Iterator[Finding]:
    """Rows that were cancelled or corrected where they come from, but still count here.

    A row that is gone from a new export replaces nothing. So does a corrected one whose file has no
    column that names a row: the old amount and the new one both count.
    """
    if case.kind not in _KINDS or not case.receipt.first_day:
        return
    held = case.rows(
        "SELECT count(*) FROM unusual WHERE standing IN ('repeat', 'superseding', 'added')"
    )[0][0]
    if not held:
        return
    role = MONEY[case.kind]
    found = case.rows(
        f"SELECT r.currency, count(*), sum(r.{role}), list_sort(list(DISTINCT r.import_id)) "
        f"{_ABSENT.format(kind=case.kind, day=DAY[case.kind])} GROUP BY 1 ORDER BY 1",
        layout=case.layout,
        first=case.receipt.first_day,
        last=case.receipt.last_day,
    )
    count = sum(row[1] for row in found)
    if not count or count > held:
        return
    money = money_of([(row[0], row[2]) for row in found])
    numbers = sorted({number for row in found for number in row[3]})
    what = (
        f": {amounts(money)}{' a month' if case.kind == 'subscriptions' else ''}" if money else ""
    )
    why = f"{'it was' if count == 1 else 'they were'} cancelled where the files come from"
    if not key_columns(case.mapping):
        why = (
            f"{'it was' if count == 1 else 'they were'} cancelled or corrected where the files "
            "come from (no column names a row, so a corrected row counts beside its earlier "
            "version)"
        )
    sentence = (
        f"{counted(count, 'row', 'rows')} of earlier files of this layout (import "
        f"{', '.join(map(str, numbers))}) {'lies' if count == 1 else 'lie'} within the days of "
        f"this file but {'is' if count == 1 else 'are'} not in it, and still "
        f"{'counts' if count == 1 else 'count'}{what}. If this file is meant to hold everything of "
        f"these days, {why}. Then undo the earlier import, once this file or another one holds "
        "whatever else it held."
    )
    yield Finding("left_out", count, sentence, "warn", money)
