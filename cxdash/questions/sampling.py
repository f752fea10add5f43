"""What an Answer says where, to come in time, it was estimated on a part of the customers."""

from cxdash.facts import format as fmt

__all__ = ["drawn_words"]


def drawn_words(drawn: int, known: int) -> str:
    """That ``drawn`` of ``known`` customers were looked at, and how much wider that makes ranges.

    The error of a mean goes with one over the square root of the customers it rests on.
    """
    wider = (known / drawn) ** 0.5
    return (
        f"To answer in time, estimates rest on {fmt.count(drawn)} of {fmt.count(known)} customers, "
        "chosen without regard to anything about them. The ranges shown hold the doubt this adds: "
        f"they are about {wider:.1f} times as wide as those of all customers would be."
    )
