"""What outsiders say of how often such programmes bring a benefit: borrowed, never added up."""

from typing import Final

from cxdash.facts import Card, Fact, Interval, Method

__all__ = ["BASE_RATE"]

_FIRST: Final = (
    "B. Thompson, “An inconvenient truth: 93% of customer experience initiatives are failing”, "
    "CustomerThink, 2016: 23% of those asked claimed tangible benefits, 30% those or a difference "
    "customers see (customerthink.com/"
    "an-inconvenient-truth-93-of-customer-experience-initiatives-are-failing)"
)
_SECOND: Final = (
    "Avaya, as told in “Stop wasting your money on customer experience”, CustomerThink: 81% of "
    "those asked said that their programme had not delivered "
    "(customerthink.com/stop-wasting-your-money-on-customer-experience)"
)

BASE_RATE: Final = Fact(
    id="case.base_rate",
    label="Such programmes elsewhere that brought a tangible benefit",
    value=0.23,
    unit="share",
    interval=Interval(0.19, 0.30),
    method=Method(
        description="Published surveys of other companies, cited; people judged their own.",
        external=True,
        card=Card(
            model="None of ours: figures published by others",
            formula="share of those asked who claimed a tangible benefit",
            sample="As published; the sources do not say how those asked were chosen",
            window="2016 and before",
            exclusions=("Whatever the sources left out.",),
            assumptions=("This programme is like those that were asked about.",),
            validation="None: nothing here was checked on the data of this company.",
            sensitivity="The lowest published figure is 19%, the highest 30%.",
            code="cxdash.questions.case.base_rate.BASE_RATE",
        ),
    ),
    n=0,
    population="programmes of other companies",
    period="2016 and before",
    definition="programmes_that_paid",
    caveats=(
        "The range is that of the published figures, not one of chance.",
        "It is for a sceptic to begin with. It enters no figure of this case.",
    ),
    sources=(_FIRST, _SECOND),
)
