"""Short written remarks, put together from fragments of our own by topic and mood."""

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["remark"]

_TOPICS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    # topic: (what an unhappy person writes, what a happy person writes)
    "product_quality": (
        (
            "the roster lost two shifts last week and nobody could say why",
            "the nightly sync failed again and we rebuilt Monday by hand",
            "we report the same fault every month",
        ),
        (
            "it has not let us down once this quarter",
            "the planner simply works, even on our busiest days",
            "the new conflict check saves us an hour each Friday",
        ),
    ),
    "ease_of_use": (
        (
            "swapping a shift takes far too many clicks",
            "new colleagues need a week before they dare to touch it",
            "I still keep a spreadsheet beside it because that is faster",
        ),
        (
            "our supervisors learned it in an afternoon",
            "publishing a week is two clicks, as it should be",
            "even the night team uses it without asking me",
        ),
    ),
    "support": (
        (
            "I explained the problem to three people before anyone looked at it",
            "the ticket was closed while the fault was still there",
            "it took nine days to get an answer",
        ),
        (
            "the person on the phone knew our setup and fixed it on the spot",
            "I had an answer before my coffee was cold",
            "support called back to check that it stayed fixed",
        ),
    ),
    "billing": (
        (
            "the invoice never matches the seats we agreed",
            "we were charged for a site we closed in spring",
            "our accounts team spends half a day on each of your invoices",
        ),
        (
            "invoices are clear and on time",
            "changing the number of seats was painless",
        ),
    ),
    "onboarding": (
        (
            "the start was rough and we are still finding half-finished settings",
            "nobody told us the import would drop our old rosters",
        ),
        (
            "the first month was well guided",
            "the move from our old tool went better than I expected",
        ),
    ),
    "value_for_money": (
        (
            "for what we use, the price is hard to defend to my director",
            "the last price rise came without anything new",
        ),
        (
            "it has paid for itself in overtime we no longer book",
            "fair price for what it does",
        ),
    ),
}
_GLOOMY: Final = (
    "Honestly, ",
    "Disappointed: ",
    "",
    "",
    "Third time I write this: ",
    "To be fair, ",
)
_SUNNY: Final = ("", "", "Happy so far: ", "Good work, ", "Short version: ")
_MIXED: Final = ("Mostly fine, but ", "It does the job, yet ", "Good days and bad days; ", "")
_GLOOMY_END: Final = (
    ".",
    ".",
    ". Please call me.",
    '. "We are looking into it" is not an answer.',
    ".\n\nWe are comparing suppliers now.",
)
_SUNNY_END: Final = (
    ".",
    ".",
    ". Thank you!",
    ".\nKeep it up.",
    ' - my team calls it "the quiet tool".',
)


def remark(
    rng: np.random.Generator, topics: tuple[str, ...], ratings: npt.NDArray[np.float64], mood: float
) -> str:
    """One remark about the topic that stands out.

    ``mood`` is the recommendation score, 0 to 10; ``ratings`` are the readings of ``topics``. Low
    moods speak of the worst topic, high moods of the best, those between complain politely.
    """
    gloomy = mood <= 6
    sunny = mood >= 9
    order = np.argsort(ratings + 0.4 * rng.standard_normal(len(topics)))
    topic = topics[int(order[-1] if sunny else order[0])]
    bodies = _TOPICS[topic][1 if sunny else 0]
    openings = _GLOOMY if gloomy else _SUNNY if sunny else _MIXED
    endings = _GLOOMY_END if gloomy else _SUNNY_END if sunny else (".",)
    opening = _one(rng, openings)
    body = _one(rng, bodies)
    if not opening or opening.endswith("."):
        body = body[0].upper() + body[1:]
    return opening + body + _one(rng, endings)


def _one(rng: np.random.Generator, choices: tuple[str, ...]) -> str:
    return choices[int(rng.integers(0, len(choices)))]
