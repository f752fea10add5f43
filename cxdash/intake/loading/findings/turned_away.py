"""Rows that were rejected: for what kind of reason, and what money lies in them or behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cxdash.facts.format import counted, listed, number
from cxdash.intake.footers import FOOTER
from cxdash.intake.loading.findings.case import Case, money_of
from cxdash.intake.loading.receipt import Finding, Severity
from cxdash.intake.loading.written import amounts
from cxdash.store import erasure

__all__ = ["rejected"]

_MUCH: Final = 0.05  # share of a file's money or rows beyond which figures are another company's


@dataclass(frozen=True, slots=True)
class _Reason:
    """A kind of reason: its code, how its refusals read in SQL, and what to say of it."""

    code: str
    like: str
    one: str
    many: str
    severity: Severity = "warn"


_REASONS: Final = (
    _Reason(
        "totals",
        "refusal LIKE '%looks like a line of totals%'",
        "is a line of totals and was left out",
        "are lines of totals and were left out",
        "info",
    ),
    _Reason(
        "footer",
        f"refusal = '{FOOTER}'",
        "is a footer that the report writes below its table and was left out",
        "are footers that the report writes below its table and were left out",
        "info",
    ),
    _Reason(
        "erased",
        f"refusal = '{erasure.REASON}'",
        "names somebody who was erased on request and was rejected",
        "name somebody who was erased on request and were rejected",
        "info",
    ),
    _Reason(
        "off_scale",
        "refusal LIKE '%is outside the scale%' OR refusal LIKE '%is not a whole number, as%'",
        "holds an answer off its scale and was rejected",
        "hold answers off their scale and were rejected",
    ),
    _Reason(
        "future",
        "refusal LIKE '%lies in the future%'",
        "is dated in the future and was rejected",
        "are dated in the future and were rejected",
    ),
    _Reason(
        "no_date",
        "refusal LIKE '%stands for a date nobody knew%'",
        "has a date that stands for not knowing it and was rejected",
        "have a date that stands for not knowing it and were rejected",
    ),
    _Reason(
        "contradiction",
        "refusal LIKE 'the same %with different content'",
        "contradicts another row of the same key and was rejected",
        "contradict another row of the same key and were rejected",
    ),
    _Reason(
        "no_currency",
        "{money} IS NOT NULL AND (currency IS NULL OR refusal LIKE "
        "'%is not a three-letter currency code%')",
        "has an amount without a currency and was rejected",
        "have amounts without a currency and were rejected",
    ),
    _Reason(
        "unreadable_money",
        "refusal LIKE '%is not an amount of money%'",
        "has an amount that cannot be read; it was rejected and is in no sum",
        "have amounts that cannot be read; they were rejected and are in no sum",
    ),
    _Reason(
        "misaligned",
        "refusal LIKE '%the header has%'",
        "does not line up with the header; it was rejected, and what it holds is in no sum",
        "do not line up with the header; they were rejected, and what they hold is in no sum",
    ),
)


def rejected(case: Case) -> Iterator[Finding]:
    """All rejected rows together, and by the kinds of reason that touch money in their own way."""
    if not case.receipt.rows_rejected:
        return
    yield from _all(case)
    for reason in _REASONS:
        if "{money}" in reason.like and not case.money:
            continue
        where = f"standing = 'rejected' AND ({reason.like.format(money=case.money)})"
        count = case.rows(f"SELECT count(*) FROM keyed WHERE {where}")[0][0]
        if not count:
            continue
        money = _money(case, where)
        sentence = f"{counted(count, f'row {reason.one}', f'rows {reason.many}')}."
        yield Finding(
            reason.code, count, f"{sentence}{_cost(case, reason, money)}", reason.severity, money
        )


def _all(case: Case) -> Iterator[Finding]:
    """All but lines of totals and footers, of which nobody misses anything."""
    beside = " OR ".join(one.like for one in _REASONS if one.code in ("totals", "footer"))
    where = f"standing = 'rejected' AND NOT ({beside})"
    count = case.rows(f"SELECT count(*) FROM keyed WHERE {where}")[0][0]
    if not count:
        return
    share = count / case.receipt.rows_read
    money = _money(case, where)
    read = {one.currency: abs(one.read) for one in case.receipt.money if case.money}
    parts = [abs(amount) / read[name] for name, amount in money.items() if read.get(name)]
    why = {
        str(reason): int(rows)
        for reason, rows in case.rows(
            f"SELECT refusal, count(*) FROM keyed WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    }
    # What a rule of the mapping leaves out is no defect of the file.
    by_rule = set(why) <= {rule.reason for rule in case.mapping.reject}
    told = (
        f"{counted(count, 'row was', 'rows were')} {'left out' if by_rule else 'rejected'}, "
        f"{number(share, 'share')} of the file"
    )
    if by_rule or len(why) == 1:
        told += f", because {listed(tuple(why))}"
    if money and case.money:
        told += f"; readable amounts in {'it' if count == 1 else 'them'}: {amounts(money)}"
    elif money:
        told += (
            f"; the customers concerned paid {amounts(money)} in the last twelve months"
            f"{' and are heard that much less' if case.kind == 'responses' else ''}"
        )
    much = max([share, *map(float, parts)]) > _MUCH
    grave = (much or bool(money)) and not by_rule
    yield Finding("rejected", count, f"{told}.", "warn" if grave else "info", money)


def _money(case: Case, where: str) -> dict[str, Decimal]:
    """Money in the rows; of a file without money, what their customers paid."""
    if case.money:
        return money_of(
            case.rows(f"SELECT currency, sum({case.money}) FROM keyed WHERE {where} GROUP BY 1")
        )
    if case.has("customer_id"):
        return case.paid_by(f"SELECT customer_id FROM keyed WHERE {where}")
    return {}


def _cost(case: Case, reason: _Reason, money: dict[str, Decimal]) -> str:
    if not money:
        return ""
    if reason.code == "totals":
        return f" Counted as rows they would have added {amounts(money)}."
    if reason.code == "erased" and case.money:
        return (
            f" Amounts concerned: {amounts(money)}. What was loaded before the erasure still "
            "counts, unless its money was to be forgotten; what is new here does not."
        )
    if case.money:
        return f" Amounts concerned: {amounts(money)}."
    return f" Their customers paid {amounts(money)} in the last twelve months."
