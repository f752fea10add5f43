"""What the amounts of a file themselves say: currencies, refunds, nothing, far too much."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts.format import counted, number
from cxdash.intake.loading.findings.case import Case, money_of
from cxdash.intake.loading.receipt import NO_CURRENCY, Finding
from cxdash.intake.loading.written import amounts, cents

__all__ = ["currencies", "far_out", "refunds", "sample", "turned_round", "zeros"]

_LOADED: Final = "standing IN ('new', 'superseding')"
_MANY_REFUNDS: Final = 0.1
_ENOUGH: Final = 20  # rows below which one large amount is nothing odd
_LARGE_SHARE: Final = 0.2
_TIMES_USUAL: Final = 10


def currencies(case: Case) -> Iterator[Finding]:
    """Several currencies in a file, and amounts loaded without one."""
    if not case.money:
        return
    named = [one.currency for one in case.receipt.money if one.currency != NO_CURRENCY]
    if len(named) > 1:
        sums = {one.currency: one.loaded for one in case.receipt.money if one.loaded}
        yield Finding(
            "currencies",
            case.receipt.rows_loaded,
            f"The file holds {len(named)} currencies ({', '.join(named)}); "
            f"they are never added up without exchange rates. Loaded: {amounts(sums)}.",
            "warn",
            sums,
        )
    if case.kind == "control_totals":
        return
    count, total = case.rows(
        f"SELECT count(*), sum({case.money}) FROM keyed "
        f"WHERE {_LOADED} AND {case.money} IS NOT NULL AND currency IS NULL"
    )[0]
    if count:
        yield Finding(
            "currency_missing",
            count,
            f"{counted(count, 'loaded row has an amount', 'loaded rows have amounts')} without a "
            f"currency: {cents(total)} in all. It is counted in no sum of money.",
            "warn",
            {NO_CURRENCY: total},
        )


def refunds(case: Case) -> Iterator[Finding]:
    """Amounts below zero."""
    if not case.money:
        return
    found = case.rows(
        f"SELECT currency, count(*) FILTER ({case.money} < 0), "
        f"sum({case.money}) FILTER ({case.money} < 0), sum({case.money}) FILTER ({case.money} > 0) "
        f"FROM keyed WHERE {_LOADED} GROUP BY 1"
    )
    count = sum(row[1] for row in found)
    if not count:
        return
    money = money_of([(row[0], row[2]) for row in found])
    shares = [float(-row[2] / row[3]) if row[3] else None for row in found if row[2]]
    share = max(1.0 if one is None else one for one in shares)
    what = "refunds" if case.kind == "revenue" else "amounts below zero"
    # Shares of several currencies cannot be told as one, nor that of a currency nothing came in.
    part = f", {number(share, 'share')} of what came in" if shares == [share] and share <= 1 else ""
    yield Finding(
        "negative",
        count,
        f"{counted(count, 'loaded row is', 'loaded rows are')} below zero and "
        f"{'counts' if count == 1 else 'count'} as {what}: {amounts(money)}{part}.",
        "warn" if share > _MANY_REFUNDS else "info",
        money,
    )


def zeros(case: Case) -> Iterator[Finding]:
    """Amounts of nothing: free, waived, or lost on the way out of the other system."""
    if not case.money:
        return
    count = case.rows(f"SELECT count(*) FROM keyed WHERE {_LOADED} AND {case.money} = 0")[0][0]
    if not count:
        return
    share = count / max(case.receipt.rows_loaded, 1)
    told = number(share, "share")
    yield Finding(
        "zero",
        count,
        f"{counted(count, 'loaded row has', 'loaded rows have')} an amount of zero, "
        f"{told} of those loaded. They add nothing to any sum, but a customer with nothing else "
        "looks like one who pays nothing.",
        "warn" if share > _MANY_REFUNDS else "info",
    )


def far_out(case: Case) -> Iterator[Finding]:
    """One row that makes a large part of all the money of the file."""
    if not case.money or case.kind == "control_totals":
        return
    found = case.rows(
        f"""
        SELECT currency, count(*), sum(abs({case.money})), max(abs({case.money})),
          median(abs({case.money})), arg_max(line_no, abs({case.money})),
          arg_max({case.money}, abs({case.money})), arg_max({_LOADED}, abs({case.money}))
        FROM keyed WHERE standing <> 'rejected' AND {case.money} IS NOT NULL
        GROUP BY 1 ORDER BY 1
        """
    )
    for currency, count, total, most, usual, line, amount, is_loaded in found:
        if (
            not is_loaded
            or count < _ENOUGH
            or not total
            or float(most) < float(total) * _LARGE_SHARE
            or most < usual * _TIMES_USUAL
        ):
            continue
        share = number(float(most / total), "share")
        money = {currency or NO_CURRENCY: amount}
        yield Finding(
            "far_out",
            1,
            f"One row, on line {line:,}, holds {amounts(money)}: {share} of all the money of the "
            "file. If a decimal sign slipped or two figures ran together there, every sum is wrong "
            "by it.",
            "warn",
            money,
        )


def turned_round(case: Case) -> Iterator[Finding]:
    """Answers whose low end was the good one."""
    for score in case.mapping.scores:
        if not score.high_is_good:
            yield Finding(
                "turned_round",
                0,
                f"Answers to {score.item!r} were turned round, because its low end is the good "
                "one.",
                "warn",
            )


def sample(case: Case) -> Iterator[Finding]:
    """A file that is only a part, and a file of which nothing was new."""
    if case.receipt.rows_loaded == 0:
        yield Finding("nothing_new", 0, "No row of this file was new.", "warn")
    if case.mapping.completeness == "sample":
        told = f"The file is a sample, not everything. {case.mapping.note}".strip()
        yield Finding("sample", case.receipt.rows_read, told, "warn")
