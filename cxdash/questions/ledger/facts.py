"""Saved and made, verified and indicated, each by itself; and beside them what it cost."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from cxdash.facts import Card, Fact, Grade, Method
from cxdash.facts import format as fmt
from cxdash.panel import month_end
from cxdash.questions.ledger.count import Counted
from cxdash.questions.ledger.findings import Findings, range_of, total

__all__ = ["RULES", "facts"]

RULES: Final = (
    (
        "Customers whom several claims on a line of the accounts name in a month count once, with "
        "the largest of these claims, split among them in proportion."
    ),
    "What rests on stronger evidence is counted before weaker, which only adds what goes beyond.",
    (
        "No claim counts with more than its evidence supports for the customers its initiative "
        "reaches, and all claims on a line in a month together with no more than that line moved "
        "for the good against its own year before."
    ),
)
_CENTS: Final = 100


def facts(found: Findings, sources: tuple[str, ...]) -> tuple[Fact, ...]:
    """All Facts in money; none without a reporting currency."""
    if found.panel.currency is None:
        return ()
    return (
        _sum(found, "verified.save", "Saved, verified", "verified", "save", sources),
        _sum(found, "verified.make", "Made, verified", "verified", "make", sources),
        _sum(found, "indicated", "Saved or made, indicated", "indicated", "", sources),
        *_spent(found, found.panel.currency),
    )


def _sum(
    found: Findings, name: str, label: str, standing: str, side: str, sources: tuple[str, ...]
) -> Fact:
    rows = [
        row
        for row in found.rows
        if row.standing == standing and side in ("", row.side) and row.cents
    ]
    held = {(row.line, row.month) for row in rows}
    named = [place.named for place in found.places if (place.line, place.month) in held]
    amount = total(rows) / _CENTS
    return Fact(
        id=name,
        label=label,
        value=amount,
        interval=range_of(found, rows),
        unit=found.panel.currency or "",
        method=_method(rows, found),
        n=max(named, default=0),
        population="customers whom the claims that count name",
        period=_period(found, [row.month for row in rows]),
        definition="delivered",
        caveats=() if rows else (f"No claim that is {standing} counts so far.",),
        sources=sources,
    )


def _method(rows: Sequence[Counted], found: Findings) -> Method:
    """Graded like the weakest claim in the sum."""
    grades = {row.grade for row in rows}
    weakest = max(grades, key=lambda grade: grade.rank) if grades else Grade.D
    card = Card(
        model="A sum of claims by rules that are written down; nothing is estimated anew",
        formula="sum over claims of what is counted of each",
        sample=fmt.counted(len(rows), "claim in a month", "claims in a month"),
        window=_period(found, [row.month for row in rows]),
        exclusions=("What rests on judgement or on borrowed figures is shown and never summed.",),
        assumptions=(
            *RULES,
            "The effect a claim rests on holds for the customers it names, in every month.",
        ),
        sensitivity="The range moves all evidence to the same end at once.",
        code="cxdash.stats.claims.allotted",
    )
    return Method(
        description="Claims that count, each dollar once, capped by evidence and by the movement "
        "of the accounts.",
        randomised=weakest is Grade.A,
        quasi_experiment=weakest is Grade.B,
        checks_passed=weakest is Grade.B,
        adjusted_for=("what finance knows",) if weakest is Grade.C else (),
        validated_out_of_time=weakest is Grade.C,
        card=card,
    )


def _spent(found: Findings, currency: str) -> Iterator[Fact]:
    spent = found.spent
    entered = len(spent.budgets) if spent.by_budget else len(spent.initiatives)
    method = Method(
        description="Sum of the budgets that were granted, each by the days that have passed."
        if spent.by_budget
        else "Sum of what the initiatives that have begun cost, as entered.",
        assertion=True,
    )
    cost = Fact(
        id="cost",
        label="Cost of the programme so far",
        value=None if spent.so_far is None else float(spent.so_far),
        unit=currency,
        method=method,
        n=entered,
        population="budgets entered" if spent.by_budget else "initiatives that have begun",
        period=f"up to {fmt.day(found.as_of)}",
        definition="programme_cost",
        caveats=("Enter the budget of the programme, or the cost of its initiatives.",)
        if spent.so_far is None
        else ("Typed in; it is never taken off what was delivered.",),
    )
    yield cost
    if spent.at_risk > Decimal(0):
        yield replace(
            cost,
            id="ledger.at_risk",
            label="Budget in question",
            value=float(spent.at_risk),
            caveats=("What is left of budgets that a meeting may take away.",),
        )


def _period(found: Findings, months: Sequence[int]) -> str:
    if not months:
        return f"up to {fmt.month(found.as_of)}"
    first, last = (fmt.month(month_end(month)) for month in (min(months), max(months)))
    return first if first == last else f"{first} to {last}"
