"""The methods cards of ``case``: how each number is made, so that a sceptic can redo it."""

from typing import Final

from cxdash.facts import Card
from cxdash.facts import format as fmt
from cxdash.questions.case.found import Found
from cxdash.questions.case.next_point import NextPoint
from cxdash.questions.case.valued import Valued
from cxdash.stats.promised import Kept as Record
from cxdash.stats.simulated import DRAWS

__all__ = ["next_card", "plan_card", "record_card"]

_YEAR: Final = 12


def plan_card(found: Found, valued: Valued) -> Card:
    """Everything that follows from the cash flows."""
    rate = fmt.number(found.plan.rate, "share")
    payback = "discounted" if found.plan.discounted else "not discounted"
    return Card(
        model="Cash flows by year; each line drawn from two half-normals joined at its middle",
        formula=f"Σ amount / (1 + {rate})^year, year 0 now and undiscounted, later years at their "
        f"end; return = (benefits − costs) / costs; payback {payback}, each year's money coming "
        f"evenly; 5th to 95th of {fmt.count(DRAWS)} draws",
        sample=f"{len(valued.parts)} lines of the case",
        window=f"{found.plan.years} years from the start of the plan",
        exclusions=tuple(
            f"{part.line.title}: {part.found.why_not}"
            for part in found.plan.parts
            if part.found.why_not
        ),
        assumptions=(
            "Lines that rest on the same pilot or figure move together; all others by themselves.",
            (
                "What was measured on some customers holds for as many of their kind as a line "
                "says, for as many years, and in full from the first."
            ),
            "A range that was typed in holds nine times in ten.",
        ),
        validation=_kept(found),
        sensitivity=_tornado(found, valued),
        code="cxdash.stats.simulated.simulated",
    )


def record_card(record: Record) -> Card:
    """What earlier promises came to."""
    spread = fmt.spread(record.next_low, record.next_high, "share")
    return Card(
        model="Mean of ratios, Student's t",
        formula="realised / promised benefits of a case at the last day it was reported, averaged "
        "over cases; a new promise: mean ± t × spread × √(1 + 1/n)",
        sample=f"{record.n} approved cases",
        window="from the start of each case until it was last reported",
        exclusions=("This case itself.", "Approved cases of which nothing was reported yet."),
        assumptions=("The next promise is made as the earlier ones were.",),
        validation="Simulated: the range of a new promise holds it nine times in ten.",
        sensitivity=f"A single new promise lies in {spread}.",
        code="cxdash.stats.promised.kept_promises",
    )


def next_card(told: NextPoint) -> Card:
    """The next point of a rating."""
    found = told.found
    best = max(found.shapes, key=lambda shape: shape.weight) if found.shapes else None
    fits = "; ".join(f"{shape.name} {fmt.number(shape.weight, 'share')}" for shape in found.shapes)
    return Card(
        model="Least squares of staying on the rating: flat, straight, slowing, quickening and "
        "kinked side by side, weighed by how well they fit (AIC)",
        formula="slope at today's mean answer × what all customers pay a year; stop point: where "
        "gained minus paid is largest; ranges from drawing customers again, the shape chosen anew "
        "each time",
        sample=f"{fmt.count(found.n)} customer-years with an answer before them",
        window=told.setting.period,
        exclusions=tuple(f"{entry.column}: {entry.reason}" for entry in told.setting.excluded),
        assumptions=(
            "Customers whose answers differ are alike in what nobody recorded.",
            f"Held equal: {', '.join(told.held_equal) or 'nothing'}.",
        ),
        validation="Simulated: a planted stop point lies in the range nine times in ten; a "
        "straight line is taken for a curve in fewer than one of ten.",
        sensitivity=f"Weights of the shapes: {fits}." if best else "",
        code="cxdash.stats.marginal.next_point",
    )


def _tornado(found: Found, valued: Valued) -> str:
    """Which line moves it most."""
    widest = valued.swings[0]
    if not widest.size:
        return "No line gives a range."
    ends = sorted((widest.at_low, widest.at_high))
    name = valued.parts[widest.line].line.title
    return (
        f"The line “{name}” moves it most: {fmt.spread(ends[0], ends[1], found.currency)} of net "
        "present value over its range."
    )


def _kept(found: Found) -> str:
    if found.record is None:
        return "Too few earlier promises were reported to say how such plans came out here."
    kept = fmt.number(found.record.estimate, "share")
    return f"Earlier cases brought {kept} of what they had promised ({found.record.n} cases)."
