"""The Fact about earlier promises: what they came to, or that they are too few to say."""

from collections.abc import Iterator

from cxdash.facts import Fact, Interval, Method
from cxdash.questions.case.cards import record_card
from cxdash.questions.case.found import Found
from cxdash.stats.promised import FEWEST_PROMISES

__all__ = ["record_facts"]


def record_facts(found: Found) -> Iterator[Fact]:
    """What other cases came to."""
    own = found.plan.case.id
    record, others = found.record, sum(case != own for case, _ in found.tracked.ratios)
    label = "Part of what earlier cases promised that came"
    if record is None:
        why = (
            f"{others} earlier {'case was' if others == 1 else 'cases were'} reported on; a record "
            f"needs {FEWEST_PROMISES}."
        )
        yield Fact(
            id="case.record",
            label=label,
            value=None,
            unit="share",
            method=Method(description="Realised over promised.", assertion=True),
            n=others,
            population="approved cases that were reported on, this one left out",
            period="from the start of each case until it was last reported",
            definition="promise_kept",
            caveats=(why,),
        )
        return
    yield Fact(
        id="case.record",
        label=label,
        value=record.estimate,
        unit="share",
        method=Method(
            description="Mean over approved cases of realised over promised benefits; Student's t.",
            assertion=True,
            card=record_card(record),
        ),
        interval=Interval(record.low, record.high, record.level),
        n=record.n,
        population="approved cases that were reported on, this one left out",
        period="from the start of each case until it was last reported",
        definition="promise_kept",
        caveats=(
            "What was not reported counts as not come.",
            "It can only lower what is promised here, so it does not change the grade of that.",
        ),
    )
