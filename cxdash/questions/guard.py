"""What may predict, and what only knows of the outcome afterwards: one guard for every question.

Four kinds of column know who left: surveys and contacts that come with the goodbye, reasons written
down when somebody cancels, values of the customer list such as a segment called Closed, and scores
that tell leavers from stayers nearly without error. The windows are read without the first kind
already (:mod:`cxdash.panel.farewells`); here each is named with its evidence, and scores of the
last kind are found, so that nothing of it enters a model.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.facts import Row, wording
from cxdash.facts import format as fmt
from cxdash.panel import Item, Panel, Windows, month_end, windows
from cxdash.panel.farewells import FAREWELL_DAYS, Farewell, farewells
from cxdash.questions.chance import MIN_EVENTS, left_of
from cxdash.questions.design import Leak, leaks
from cxdash.stats.discrimination import auc
from cxdash.store import Reader

__all__ = [
    "Excluded",
    "Guarded",
    "about_list",
    "guarded",
    "left_out_words",
    "table",
    "told_apart",
]

#: Nobody's opinion ranks nine of ten pairs of a leaver and a stayer right; what is written
#: afterwards does.
KNOWS_TOO_MUCH: Final = 0.9
_ROOM: Final = 3
_EXPLAINED: Final = 3  # more columns than this are named; the table says why of each


@dataclass(frozen=True, slots=True)
class Excluded:
    """A column that no model sees, and why, as a sentence.

    ``item`` is the name and variant of a survey item none of whose answers may be used; None where
    it is no item, or only its answers in one of several surveys are left out.
    """

    column: str
    reason: str
    item: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Guarded:
    """Windows of all customers, and what was found to know the outcome.

    Parameters
    ----------
    seen
        The windows, without surveys and contacts that come with the goodbye.
    knowing
        Items (columns of ``seen.scores``) that tell leavers from stayers nearly without error.
    excluded
        Everything left out, with its evidence, but for values of the customer list.
    """

    seen: Windows
    knowing: tuple[int, ...]
    excluded: tuple[Excluded, ...]

    def why_not(self, item: Item) -> str:
        """Why no answer to an item may predict anything; empty when they may."""
        return next(
            (entry.reason for entry in self.excluded if entry.item == (item.name, item.variant)), ""
        )

    @property
    def predictors(self) -> Windows:
        """The windows with the answers to knowing items blank, as if nobody had given any."""
        if not self.knowing:
            return self.seen
        own = list(self.knowing)
        scores, bands = self.seen.scores.copy(), self.seen.bands.copy()
        ages = self.seen.age_days.copy()
        scores[:, own], bands[:, own], ages[:, own] = np.nan, -1, np.nan
        return replace(self.seen, scores=scores, bands=bands, age_days=ages)


def guarded(view: Reader, built: Panel, *, as_of_month: int, horizon: int) -> Guarded:
    """The windows that end with ``as_of_month``, guarded; once for each state of the data."""
    return view.kept(
        "guarded",
        (as_of_month, horizon),
        lambda: _guarded(view, built, as_of_month, horizon),
        room=_ROOM,
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


def about_list(closed: Windows) -> tuple[tuple[Leak, ...], tuple[Excluded, ...]]:
    """Values of the customer list that know who left closed windows, also as columns left out."""
    found = leaks(closed.rows) if len(closed.rows) else ()
    return found, tuple(_of_list(leak) for leak in found)


def left_out_words(excluded: Sequence[Excluded]) -> Iterator[str]:
    """A caveat that names every column left out, and says why where these are few."""
    if not excluded:
        return
    named = f"Left out, as they know the outcome: {', '.join(e.column for e in excluded)}."
    why = [entry.reason for entry in excluded] if len(excluded) <= _EXPLAINED else []
    yield " ".join([named, *why])


def table(excluded: Sequence[Excluded]) -> list[Row]:
    """Rows of a table ``excluded``: column, reason."""
    return [{"column": entry.column, "reason": entry.reason} for entry in excluded]


def _guarded(view: Reader, built: Panel, as_of_month: int, horizon: int) -> Guarded:
    seen = windows(view, built, as_of_month=as_of_month, horizon=horizon)
    knowing = {} if seen.rows.empty else dict(_knowing(seen.part(seen.is_closed)))
    return Guarded(
        seen=seen,
        knowing=tuple(knowing),
        excluded=(
            *_with_goodbye(farewells(view, month_end(as_of_month))),
            *_written_at_the_end(view),
            *knowing.values(),
        ),
    )


def _with_goodbye(known: Sequence[Farewell]) -> Iterator[Excluded]:
    """Surveys and reasons of contact that come with the goodbye."""
    usable = {_item(entry) for entry in known if not entry.comes_with_goodbye}
    names = {_item(entry) for entry in known}
    for entry in known:
        if not entry.comes_with_goodbye:
            continue
        counted = _when(entry)
        if not entry.item:
            reason = entry.reason or "no reason given"
            yield Excluded(
                f"contacts: {reason}",
                f"Contacts about {wording.quoted(reason)} come with the goodbye: {counted}. They "
                "are not counted among the contacts before.",
            )
            continue
        twice = sum(name == entry.item for name, _ in names) > 1
        column = f"{entry.item}@{entry.variant}" if twice else entry.item
        survey = f" of survey {wording.quoted(entry.survey)}" if entry.survey else ""
        yield Excluded(
            f"{column}{f' ({entry.survey})' if entry.survey else ''}",
            f"Answers to {fmt.spoken(entry.item)}{survey} come with the goodbye: {counted}. They "
            "tell what has happened.",
            item=None if _item(entry) in usable else _item(entry),
        )


def _when(entry: Farewell) -> str:
    """When they came, beside the goodbye: ``190 of 191 came on or after the day of ...``."""
    total = fmt.count(entry.total)
    told = (
        (entry.after_goodbye, "on or after the day the customer said goodbye"),
        (entry.just_before, f"in the {FAREWELL_DAYS} days before the customer was gone"),
    )
    said = [f"{fmt.count(n)} of {total} {when}" for n, when in told if n]
    return " and ".join(said) if said else f"{total} came with it"


def _item(entry: Farewell) -> tuple[str, str]:
    return entry.item, entry.variant


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


def _knowing(closed: Windows) -> Iterator[tuple[int, Excluded]]:
    """Items that tell leavers from stayers as nothing known before could."""
    left = left_of(closed.rows)
    for number, item in enumerate(closed.items):
        answered = ~np.isnan(closed.scores[:, number])
        ranked = told_apart(closed.scores[answered, number], left[answered])
        if ranked is None:
            continue
        twice = sum(other.name == item.name for other in closed.items) > 1
        yield (
            number,
            Excluded(
                f"{item.name}@{item.variant}" if twice else item.name,
                f"{fmt.spoken(item.name)} tells leavers from stayers in "
                f"{fmt.number(ranked, 'share')} of all pairs, which no opinion given before "
                "does: it looks as if it was set afterwards.",
                item=(item.name, item.variant),
            ),
        )
