"""A reading of a measure as a Fact."""

from typing import Final

from cxdash.facts import Fact, Method
from cxdash.questions.goals.reading import Reading

__all__ = ["figure"]

_WHY_UNKNOWN: Final = "Cannot be worked out: {}."


def figure(fact_id: str, statement: str, reading: Reading) -> Fact:
    """A reading as a Fact; without a value it says why."""
    told = reading.value is not None
    return Fact(
        id=fact_id,
        label=f"{reading.label[:1].upper()}{reading.label[1:]} ({statement})",
        value=reading.value,
        interval=reading.interval,
        unit=reading.unit,
        method=Method(description=f"{reading.method}." if told else "Not worked out."),
        n=reading.n,
        population="all customers" if reading.of != "employees" else "all units that report",
        period=reading.period or "no period",
        definition=reading.definition,
        caveats=() if told else (_WHY_UNKNOWN.format(reading.why),),
    )
