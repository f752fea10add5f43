"""What may predict leaving, and what only knows of it afterwards.

Four kinds of column know the outcome: surveys and contacts that come with the goodbye, reasons
written down when somebody cancels, values of the customer list such as a segment called Closed, and
scores that tell leavers from stayers nearly without error. Each is named with its evidence and left
out; nothing of it enters a model.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.panel import Windows
from cxdash.panel.farewells import FAREWELL_DAYS, Farewell, answers_in, contacts_about, farewells
from cxdash.questions.chance import MIN_EVENTS, left_of
from cxdash.questions.conditions import LOWEST_MATCH
from cxdash.questions.design import Leak, leaks
from cxdash.stats.discrimination import auc
from cxdash.store import Reader

__all__ = ["Cleared", "Excluded", "cleared", "told_apart"]

#: Nobody's opinion ranks nine of ten pairs of a leaver and a stayer right; what is written
#: afterwards does.
KNOWS_TOO_MUCH: Final = 0.9
FEWEST_ANSWERS: Final = 50
_SAME: Final = 0.95


@dataclass(frozen=True, slots=True)
class Excluded:
    """A column that no model sees, and why, as a sentence."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """Windows without anything that knows the outcome.

    Parameters
    ----------
    seen
        The windows; excluded answers and contacts are taken out.
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


def cleared(view: Reader, seen: Windows, as_of: date) -> Cleared:
    """Take out what knows the outcome, then what cannot be told apart or was hardly answered."""
    known = farewells(view, as_of)
    with_goodbye = [entry for entry in known if entry.comes_with_goodbye]
    clean = _without_contacts(view, _without_answers(view, seen, with_goodbye), with_goodbye)
    closed = clean.part(clean.is_closed)
    found = leaks(closed.rows) if len(closed.rows) else ()
    told = dict(_knowing_items(closed))
    left_out = dict(_hardly_answered(closed, told))
    usable = [
        number
        for number in range(len(clean.items))
        if number not in told and number not in left_out
    ]
    doubles = dict(_doubles(closed, usable))
    return Cleared(
        seen=clean,
        numbers=tuple(number for number in usable if number not in doubles),
        leaks=found,
        excluded=(
            *(_with_goodbye(entry) for entry in with_goodbye),
            *_written_at_the_end(view),
            *(_of_list(leak) for leak in found),
            *told.values(),
        ),
        left_out=(*left_out.values(), *doubles.values()),
    )


def told_apart(score: NDArray[np.float64], left: NDArray[np.bool_]) -> float | None:
    """Share of pairs of a leaver and a stayer that a score ranks right whichever way it points, if
    that is too good to have been known before; else None.
    """
    if min(left.sum(), (~left).sum()) < MIN_EVENTS or np.ptp(score) == 0:
        return None
    ranked = auc(left, score)
    low, middle = ranked.low, ranked.estimate
    if middle < 0.5:
        low, middle = 1 - ranked.high, 1 - middle
    return middle if low > KNOWS_TOO_MUCH else None


# -- surveys, contacts, reasons -------------------------------------------------------------------


def _with_goodbye(entry: Farewell) -> Excluded:
    counted = (
        f"{fmt.count(entry.after_goodbye)} of {fmt.count(entry.total)} came on or after the day "
        f"the customer said goodbye, {fmt.count(entry.just_before)} at most {FAREWELL_DAYS} days "
        "before the customer was gone"
    )
    if entry.item:
        survey = f" of survey {wording.quoted(entry.survey)}" if entry.survey else ""
        return Excluded(
            f"{entry.item}{f' ({entry.survey})' if entry.survey else ''}",
            f"Answers to {fmt.spoken(entry.item)}{survey} come with the goodbye: {counted}. They "
            "tell what has happened.",
        )
    return Excluded(
        f"contacts: {entry.reason or 'no reason given'}",
        f"Contacts about {wording.quoted(entry.reason or 'no reason given')} come with the "
        f"goodbye: {counted}. They are not counted among the contacts before.",
    )


def _without_answers(view: Reader, seen: Windows, known: Sequence[Farewell]) -> Windows:
    """The windows with every last answer blanked that came from a survey on cancellation."""
    pairs = {(entry.survey, entry.item, entry.variant) for entry in known if entry.item}
    if not pairs:
        return seen
    answers = answers_in(view, sorted({survey for survey, _, _ in pairs}))
    values, bands, ages = seen.scores.copy(), seen.bands.copy(), seen.age_days.copy()
    ends = pd.to_datetime(seen.rows["ends_on"])
    for number, item in enumerate(seen.items):
        own = [
            survey
            for survey, name, variant in pairs
            if (name, variant) == (item.name, item.variant)
        ]
        if not own:
            continue
        given = answers[
            answers["survey"].isin(own)
            & (answers["item"] == item.name)
            & (answers["variant"] == item.variant)
        ]
        tainted = set(zip(given["customer_id"], pd.to_datetime(given["answered_on"]), strict=True))
        days = ends - pd.to_timedelta(seen.age_days[:, number], unit="D")
        hit = np.fromiter(
            (
                (customer, day) in tainted
                for customer, day in zip(seen.rows["customer_id"], days, strict=True)
            ),
            dtype=np.bool_,
            count=len(seen.rows),
        )
        values[hit, number], ages[hit, number], bands[hit, number] = np.nan, np.nan, -1
    return replace(seen, scores=values, bands=bands, age_days=ages)


def _without_contacts(view: Reader, seen: Windows, known: Sequence[Farewell]) -> Windows:
    reasons = [entry.reason for entry in known if not entry.item]
    if not reasons:
        return seen
    landmarks = sorted({int(month) for month in seen.rows["landmark"]})
    extra = contacts_about(view, reasons, landmarks)
    summed = extra.groupby(["customer_id", "landmark"], as_index=False)[
        ["contacts", "unresolved"]
    ].sum()
    joined = seen.rows[["customer_id", "landmark"]].merge(
        summed, how="left", on=["customer_id", "landmark"]
    )
    rows = seen.rows.copy()
    for column, part in (("contacts_before", "contacts"), ("unresolved_before", "unresolved")):
        taken = joined[part].fillna(0).to_numpy(np.int64)
        rows[column] = (rows[column].to_numpy(np.int64) - taken).clip(min=0)
    return replace(seen, rows=rows)


def _written_at_the_end(view: Reader) -> Iterator[Excluded]:
    """Columns of the subscriptions that are filled in when somebody cancels."""
    found = view.rows(
        "SELECT count(reason) AS reasons, count(*) FILTER (reason IS NOT NULL AND "
        "(ended_on IS NOT NULL OR cancelled_on IS NOT NULL)) AS of_ended "
        "FROM subscriptions WHERE is_current"
    )[0]
    if found["reasons"]:
        yield Excluded(
            "reason (subscriptions)",
            f"The reason of a subscription is written down when it ends: "
            f"{fmt.count(found['of_ended'])} of {fmt.count(found['reasons'])} stand at "
            "subscriptions with an end.",
        )


def _of_list(leak: Leak) -> Excluded:
    return Excluded(
        leak.column,
        f"The {leak.column} {wording.quoted(leak.value)} knows the outcome: "
        f"{fmt.count(leak.left)} of {fmt.count(leak.n)} customers with it left.",
    )


# -- items ----------------------------------------------------------------------------------------


def _knowing_items(closed: Windows) -> Iterator[tuple[int, Excluded]]:
    left = left_of(closed.rows)
    for number, item in enumerate(closed.items):
        answered = ~np.isnan(closed.scores[:, number])
        ranked = told_apart(closed.scores[answered, number], left[answered])
        if ranked is not None:
            yield (
                number,
                Excluded(
                    item.name,
                    f"{fmt.spoken(item.name)} tells leavers from stayers in "
                    f"{fmt.number(ranked, 'share')} of all pairs, which no opinion given before "
                    "does: it looks as if it was set afterwards.",
                ),
            )


def _hardly_answered(closed: Windows, told: dict[int, Excluded]) -> Iterator[tuple[int, Excluded]]:
    for number, item in enumerate(closed.items):
        if number in told:
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
