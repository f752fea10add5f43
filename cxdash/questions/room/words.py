"""What ``room`` says: what to ask again, what presses, and what is missing at the table."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts import wording, wording_room
from cxdash.questions.room.alerts import EARLIER_MONTHS
from cxdash.questions.room.facts import card_fact
from cxdash.questions.room.findings import Findings
from cxdash.questions.room.gate import FALSE_ALARMS, Card
from cxdash.questions.room.people import has_sponsor

__all__ = ["caveats", "headline", "missing", "told"]

_MOST_AGAIN: Final = 3
_MOST_TOLD: Final = 2
_STANCES: Final = (
    "How executives stand is what people entered: a guess, for those alone who write decisions "
    "down."
)


def headline(found: Findings) -> str:
    """What presses, then what to ask again, then whether anybody speaks for the work."""
    due = [(one.kept.record.title, one.why) for one in found.due[:_MOST_AGAIN]]
    board = found.board
    parts = [
        wording_room.pressing(
            [card.label for card in board.pressing], len(board.cards), len(board.untold)
        ),
        *(told(card, found) for card in board.pressing[:_MOST_TOLD]),
        wording_room.again(due),
        wording_room.sponsor(len(found.seats), there_is=has_sponsor(found.seats)),
    ]
    return " ".join(part for part in parts if part)


def told(card: Card, found: Findings) -> str:
    """One card of the board as a sentence."""
    if card.verdict != "urgent":
        return wording_room.quiet(card.label, card.verdict, card.why)
    fact = card_fact(card, found)
    if card.step is not None and card.since is not None:
        return wording_room.step(card.label, fact, card.step.before, card.step.after, card.since)
    if fact.is_money:
        return wording_room.waiting(fact)
    return f"{card.why[:1].upper()}{card.why[1:]}."


def caveats(found: Findings, *, filtered: bool) -> Iterator[str]:
    if found.board.cards:
        yield (
            "Every card passes the same gate: where nothing happens, a board raises a card in at "
            f"most {FALSE_ALARMS:.0%} of cases. A card that does not press is shown all the same."
        )
    competition = next((card for card in found.board.cards if card.name == "competition"), None)
    if competition is not None and competition.n:
        yield (
            "Competitors are looked for by the names that were entered and by words for a "
            "competitor in a few languages; who is named otherwise is not found."
        )
    if found.seats:
        yield _STANCES
    if found.suggestions:
        yield (
            "Accounts are suggested, not judged: a chance of leaving says what happened to "
            f"customers like them, now and {fmt.count(EARLIER_MONTHS)} months before, and silence "
            "may have any reason. A person takes them into the list."
        )
    if found.line is not None and not found.line.is_own and found.currency:
        yield (
            "Watched are the tenth of accounts that pay most, from "
            f"{fmt.number(found.line.revenue, found.currency)} a year; enter a line of your own to "
            "change it."
        )
    if filtered:
        yield "The room is that of the whole company, so the filters chosen play no part here."


def missing(found: Findings) -> Iterator[str]:
    if not found.seats:
        yield (
            "Enter who decides: their function, what they are measured on, how they stand, and "
            "the next step with them."
        )
    elif not has_sponsor(found.seats):
        yield (
            "Nobody at the table is marked as a sponsor. Without one, what other teams get the "
            "credit for will look like the work of others alone."
        )
    if not found.asks:
        yield "Enter what was asked of whom, and what came of it; a no as well, with its reason."
    for one in found.noes:
        if not one.again and not one.kept.record.trigger:
            title = wording.quoted(one.kept.title)
            yield f"The no to {title} has nothing that would bring it back: name a day or a figure."
    for card in found.board.untold:
        yield wording_room.quiet(card.label, card.verdict, card.why)
    if found.has_data and found.line is None:
        yield "Accounts cannot be watched: what they pay is not known well enough."
