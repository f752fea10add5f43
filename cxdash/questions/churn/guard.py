"""Items a model of leaving may use: answered often enough, known to belong to customers, each
saying something of its own, and not knowing the outcome.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cxdash.facts import format as fmt
from cxdash.panel import Windows
from cxdash.questions.conditions import LOWEST_MATCH
from cxdash.questions.design import Leak
from cxdash.questions.guard import Excluded, Guarded, about_list

__all__ = ["Cleared", "cleared"]

FEWEST_ANSWERS: Final = 50
_SAME: Final = 0.95


@dataclass(frozen=True, slots=True)
class Cleared:
    """Windows without anything that knows the outcome.

    Parameters
    ----------
    seen
        The windows; answers and contacts that come with a goodbye are not in them.
    numbers
        Items (columns of ``seen.scores``) a model may use.
    leaks
        Values of the customer list that know the outcome.
    excluded
        What knows the outcome.
    left_out
        Items that cannot be used for another reason: too few answers, or the same as another.
    """

    seen: Windows
    numbers: tuple[int, ...]
    leaks: tuple[Leak, ...]
    excluded: tuple[Excluded, ...]
    left_out: tuple[Excluded, ...]


def cleared(guard: Guarded, seen: Windows) -> Cleared:
    """Which columns a model may use, of the guarded windows that the scope's filters pass."""
    closed = seen.part(seen.is_closed)
    found, of_list = about_list(closed)
    left_out = dict(_hardly_answered(closed, guard.knowing))
    usable = [
        number
        for number in range(len(seen.items))
        if number not in guard.knowing and number not in left_out
    ]
    doubles = dict(_doubles(closed, usable))
    return Cleared(
        seen=seen,
        numbers=tuple(number for number in usable if number not in doubles),
        leaks=found,
        excluded=(*guard.excluded, *of_list),
        left_out=(*left_out.values(), *doubles.values()),
    )


def _hardly_answered(closed: Windows, knowing: Sequence[int]) -> Iterator[tuple[int, Excluded]]:
    for number, item in enumerate(closed.items):
        if number in knowing:
            continue
        answered = closed.scores[:, number][~np.isnan(closed.scores[:, number])]
        name = fmt.spoken(item.name)
        if item.match_rate < LOWEST_MATCH:
            why = (
                f"Only {fmt.number(item.match_rate, 'share')} of the answers to {name} find their "
                "customer."
            )
        elif answered.size < FEWEST_ANSWERS:
            why = (
                f"Only {fmt.count(answered.size)} closed windows have an answer to {name} behind "
                f"them; {FEWEST_ANSWERS} are needed."
            )
        elif np.ptp(answered) == 0:
            why = f"All answers to {name} are the same, so they tell nobody from anybody."
        else:
            continue
        yield number, Excluded(item.name, why)


def _doubles(closed: Windows, numbers: Sequence[int]) -> Iterator[tuple[int, Excluded]]:
    """Items that say the same as one with more answers, which speaks for them."""
    by_answers = sorted(numbers, key=lambda n: (-int((~np.isnan(closed.scores[:, n])).sum()), n))
    kept: list[int] = []
    for number in by_answers:
        own = closed.scores[:, number]
        for other in kept:
            both = ~np.isnan(own) & ~np.isnan(closed.scores[:, other])
            if both.sum() < FEWEST_ANSWERS:
                continue
            one, two = own[both], closed.scores[both, other]
            if np.ptp(one) > 0 and np.ptp(two) > 0 and abs(np.corrcoef(one, two)[0, 1]) > _SAME:
                speaker = fmt.spoken(closed.items[other].name)
                yield (
                    number,
                    Excluded(
                        closed.items[number].name,
                        f"Says the same as {speaker} (correlation over {_SAME:g}), which speaks "
                        "for both.",
                    ),
                )
                break
        else:
            kept.append(number)
