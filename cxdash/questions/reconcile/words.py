"""What ties to finance, what does not, and what would let it be told."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Answer, Fact, wording_ledger
from cxdash.facts import format as fmt
from cxdash.questions.reconcile.compare import Reconciled
from cxdash.questions.reconcile.facts import difference_of, worst_month
from cxdash.questions.reconcile.measures import LINES, MONEY_LINES

__all__ = ["caveats", "headline", "is_money", "missing", "verdict"]

_MOST: Final = 3  # totals named that are not compared


def verdict(found: Reconciled, total: Fact | None = None) -> str:
    """One sentence: nothing to reconcile with, it ties, or it does not and where."""
    if not found.has_totals:
        return wording_ledger.nothing_to_reconcile()
    months = len({one.month for one in found.months})
    if not found.apart:
        return wording_ledger.ties(months, found.tolerance, total)
    lines = dict.fromkeys(LINES[one.line] for one in found.apart)
    in_money = any(one.line in MONEY_LINES for one in found.apart)
    return wording_ledger.not_reconciled(
        [*lines],
        apart=len({one.month for one in found.apart}),
        months=months,
        tolerance=found.tolerance,
        difference=difference_of(found) if in_money else None,
        worst=worst_month(found) if in_money else None,
    )


def headline(found: Reconciled, told: tuple[Fact, ...]) -> str:
    """The verdict, and what belongs to nobody."""
    known = {fact.id: fact for fact in told}
    said = [verdict(found, known.get("reconcile.control"))]
    lost = known.get("reconcile.unmatched")
    if lost is not None:
        said.append(wording_ledger.unmatched(lost))
    return " ".join(said)


def caveats(found: Reconciled) -> tuple[str, ...]:
    return tuple(_caveats(found))


def _caveats(found: Reconciled) -> Iterator[str]:
    limit = fmt.number(found.tolerance, "share")
    agreed = (
        f"as agreed by {found.agreed_by}"
        if found.agreed_by
        else "with which cxdash begins until somebody enters another"
    )
    if found.has_totals:
        yield (
            f"The tolerance is {limit} of each month's total, {agreed}. Beyond it every page with "
            "dollars carries “not reconciled”."
        )
        void = [one for one in found.months if one.void]
        if void:
            yield (
                f"{fmt.counted(len(void), 'signature is', 'signatures are')} void, because the "
                "data has changed since. The table of signatures says by what."
            )
        yield (
            "Revenue is compared as it was paid, each currency by itself, refunds taken off, "
            "whether or not its customer is known. A customer of a month has a running contract at "
            "its end, or without contracts paid in it."
        )
    for measure, why in found.not_compared[:_MOST]:
        yield f"The total {fmt.spoken(measure)} is not compared: {why}."
    if len(found.not_compared) > _MOST:
        rest = len(found.not_compared) - _MOST
        yield f"{fmt.counted(rest, 'other kind of total is', 'other kinds of totals are')} neither."


def missing(found: Reconciled) -> tuple[str, ...]:
    """What would let it be told."""
    if found.has_totals:
        return ()
    return (
        (
            "Import a list of finance's totals: a month, what it is the total of (revenue, "
            "customers or contacts) and the amount; or enter and sign them on the page Reconcile."
        ),
    )


def is_money(answer: Answer) -> bool:
    """Whether the Answer tells dollars."""
    return any(fact.is_money and fact.value is not None for fact in answer.facts)
