"""The grammar of what goes with a theme in customers' own words."""

from collections.abc import Mapping
from dataclasses import replace

from cxdash.facts.fact import Fact, Interval
from cxdash.facts.format import fact_text, listed, number, printer
from cxdash.facts.wording import cannot_tell, quoted

__all__ = ["money_beside", "written_of"]


def written_of(shares: Mapping[str, Fact]) -> str:
    """``Of the comments, 12% speak of “delivery, late” and 9% of “invoice”.``

    Theme to the share of the comments that speak of it; their ranges stand with the Facts.
    """
    first, *others = shares.items()
    parts = [
        f"{_share(first[1])} speak of {quoted(first[0])}",
        *(f"{_share(fact)} of {quoted(theme)}" for theme, fact in others),
    ]
    return f"Of the comments, {listed(parts)}."


def _share(fact: Fact) -> str:
    """A share of comments in the digits of the others; how sure it is stands with the Fact."""
    if fact.value is None:
        raise ValueError(f"{fact.id}: a theme that is named has its share")
    return number(fact.value, fact.unit)


def money_beside(theme: str, fact: Fact, *, horizon: int) -> str:
    """What goes with a theme in money; says which way only where the range leaves one.

    ``Beside “late parcel” goes $48,000 (range $20,000–76,000) of revenue lost over the next 6
    months, the rest held equal.``
    """
    months = printer([horizon], "months").number(horizon)
    if fact.value is None or fact.interval is None or fact.interval.holds(0):
        reason = "its range holds zero" if fact.interval else "money is withheld"
        return cannot_tell(f"what revenue goes with {quoted(theme)}", reason)
    size = replace(fact, value=abs(fact.value), interval=_sizes(fact.interval))
    way = "lost" if fact.value < 0 else "kept or won"
    return (
        f"Beside {quoted(theme)} goes {fact_text(size)} of revenue {way} over the "
        f"next {months}, the rest held equal."
    )


def _sizes(interval: Interval) -> Interval:
    """A range on one side of zero without its sign."""
    return interval if interval.low > 0 else interval.scaled(-1)
