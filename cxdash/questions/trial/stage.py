"""The stage of ``trial``: every metric there is, as columns of the same windows.

Survey items are there already. Beside them stand two metrics that nobody asked for on a scale: how
good customers' comments sound, and how many of their contacts were solved the first time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import Scope
from cxdash.facts import format as fmt
from cxdash.panel import (
    MEMORY_MONTHS,
    Item,
    Windows,
    ground,
    items,
    month_end,
    stamp,
)
from cxdash.panel.past import answer_past, remarks, solved_before
from cxdash.questions.churn.guard import Cleared
from cxdash.questions.churn.stage import ChurnStage, stage
from cxdash.questions.churn.steps import label_of
from cxdash.questions.conditions import LOWEST_MATCH, check
from cxdash.questions.design import Controls
from cxdash.questions.guard import guarded
from cxdash.questions.progress import tell
from cxdash.questions.setting import month_of, narrowed
from cxdash.stats.sentiment import FEWEST_TAUGHT, taught_tone, word_list_tone
from cxdash.store import Reader

__all__ = ["FEWEST_WINDOWS", "Metric", "TrialStage", "trial_stage"]

Matrix = NDArray[np.float64]
Kind = Literal["survey", "words", "contacts"]

FEWEST_WINDOWS: Final = 50  # closed windows with an answer, before anything is estimated
MOST_CUSTOMERS: Final = 30_000
TONE: Final = Item(
    "comment_tone", "sentiment.taught", True, 0, 0, 0, *2 * (pd.Timestamp(0).date(),)
)
SOLVED: Final = replace(TONE, name="first_contact_solved", variant="fcr.gross")
_MOST_REMARKS: Final = 40_000
_SEED: Final = 52_919
_NOBODY: Final = (
    "Nothing says who is a customer: no subscriptions, invoices or payments are loaded that belong "
    "to the answers."
)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric on trial.

    Parameters
    ----------
    number
        Its column in the windows.
    name, label
        Stable name, and what people call it.
    kind
        Asked in a survey, read from comments, or counted from contacts.
    barred
        Why it cannot be tried at all, as a sentence; empty when it can.
    """

    number: int
    item: Item
    name: str
    label: str
    kind: Kind
    barred: str = ""


@dataclass(frozen=True, slots=True)
class TrialStage:
    """What the question stands on.

    Parameters
    ----------
    base
        The stage that churn uses, too: conditions, leaks, population and period.
    seen
        Windows of all customers with a column for each metric, whatever knows the outcome taken
        out.
    closed
        Those of them that are over, of at most 30,000 customers chosen by a hash.
    sampled
        Customers in ``closed`` when not all are.
    past
        Number of a metric to one row a usable answer, see :func:`cxdash.panel.past.answer_past`,
        with ``customer``, a number for each customer; for the tone of comments, too.
    tone
        Row key of an answer to how good its words sound, 0 to 10.
    """

    base: ChurnStage
    seen: Windows
    closed: Windows
    sampled: int | None
    metrics: tuple[Metric, ...]
    past: Mapping[int, pd.DataFrame]
    tone: pd.Series

    @property
    def horizon(self) -> int:
        return self.base.horizon

    def held_equal(self, metric: Metric) -> tuple[str, ...]:
        """What is held equal when a metric is tried, in plain words."""
        answered = ~np.isnan(self.closed.scores[:, metric.number])
        return self.controls(metric, self.closed.part(answered)).held_equal

    def controls(self, metric: Metric, seen: Windows) -> Controls:
        """What finance and operations know beside a metric, learned on some windows."""
        # Solved contacts are themselves what operations know of unsolved ones.
        without = ("unresolved",) if metric.kind == "contacts" else ()
        return Controls.learned(seen.rows, self.base.cleared.leaks, without=without)


def trial_stage(view: Reader, scope: Scope) -> TrialStage | None:
    """The stage, or None when there is no customer or no metric to try.

    Raises
    ------
    UsageError
        The metric was not imported, the day lies before the data, or the filters pass nobody.
    """
    base = stage(view, scope) or _without_customers(view, scope)
    if base is None:
        return None
    said = remarks(view, base.as_of)
    tell("Reading comments", 0.1)
    tone = _tone(said)
    past = answer_past(view, base.as_of)
    if scope.where:
        own = set(base.seen.rows["customer_id"])
        past = past[past["customer_id"].isin(own)]
        said = said[said["customer_id"].isin(own)]
    past = past.assign(customer=pd.factorize(past["customer_id"])[0])
    seen, kinds = _with_unasked(view, base.seen, said, tone)
    if not seen.items:
        return None
    everyone = seen.part(seen.is_closed)
    closed = everyone.sample(MOST_CUSTOMERS)
    fewer = len(closed.rows) < len(everyone.rows)
    return TrialStage(
        base=base,
        seen=seen,
        closed=closed,
        sampled=int(closed.rows["customer_id"].nunique()) if fewer else None,
        metrics=_metrics(base, seen, closed, kinds),
        past=_by_metric(past, said, tone, kinds),
        tone=tone,
    )


def _without_customers(view: Reader, scope: Scope) -> ChurnStage | None:
    """The stage where answers are all there is: nothing can follow them, but units can be compared.

    None when there are no answers either.
    """
    built = stamp(view)
    if built is None or built.last_month is None or not items(view):
        return None
    month = month_of(built, scope.as_of)
    guard = guarded(view, built, as_of_month=month, horizon=scope.horizon)
    data = ground(view, built)
    return ChurnStage(
        scope=scope,
        panel=built,
        ground=data,
        cleared=Cleared(narrowed(guard.seen, scope), (), (), (), ()),
        conditions=check(built, data, None, scope.horizon),
        as_of=month_end(month),
    )


def _tone(said: pd.DataFrame) -> pd.Series:
    """How good each comment sounds, 0 to 10, by row key; comments that say nothing are left out."""
    if len(said) > _MOST_REMARKS:
        said = said.sample(_MOST_REMARKS, random_state=_SEED).sort_index()
    texts = said["body"].tolist()
    if len(texts) >= FEWEST_TAUGHT:
        tone = taught_tone(
            texts,
            10 * said["score"].to_numpy(np.float64),
            said["customer_id"].to_numpy(str),
            rng=np.random.default_rng(_SEED),
        )
    else:
        tone = np.full(len(texts), np.nan)
    if np.isnan(tone).all():
        tone = 5 + 5 * word_list_tone(texts)
    found = pd.Series(tone, index=said["row_key"].to_numpy(dtype=object), dtype=np.float64)
    return found.clip(0, 10).dropna()


def _with_unasked(
    view: Reader, seen: Windows, said: pd.DataFrame, tone: pd.Series
) -> tuple[Windows, tuple[Kind, ...]]:
    """The windows with a column for the tone and one for solved contacts, where there are any."""
    kinds: list[Kind] = ["survey"] * len(seen.items)
    for item, kind, values in (
        (TONE, "words", _last_tone(seen, said, tone)),
        (SOLVED, "contacts", _solved(view, seen)),
    ):
        known = int((~np.isnan(values)).sum())
        if not known:
            continue
        kinds.append(kind)  # type: ignore[arg-type]
        seen = replace(
            seen,
            items=(*seen.items, replace(item, n=known, matched=known)),
            scores=np.column_stack([seen.scores, values]),
            bands=np.column_stack([seen.bands, np.full(len(values), -1, dtype=np.int8)]),
            age_days=np.column_stack([seen.age_days, np.where(np.isnan(values), np.nan, 0.0)]),
        )
    return seen, tuple(kinds)


def _last_tone(seen: Windows, said: pd.DataFrame, tone: pd.Series) -> Matrix:
    """Tone of the last comment in the year before each window, shape (rows,)."""
    values = np.full(len(seen.rows), np.nan)
    known = said.assign(tone=said["row_key"].map(tone)).dropna(subset="tone")
    wanted = seen.rows["customer_id"].isin(set(known["customer_id"])).to_numpy()
    if not wanted.any():
        return values
    marks = pd.DataFrame(
        {
            "customer_id": seen.rows["customer_id"].astype(str),
            "on": pd.to_datetime(seen.rows["ends_on"]).astype("datetime64[s]"),
            "place": np.arange(len(values)),
        }
    )[wanted]
    given = pd.DataFrame(
        {
            "customer_id": known["customer_id"].astype(str),
            "on": pd.to_datetime(known["answered_on"]).astype("datetime64[s]"),
            "tone": known["tone"],
        }
    )
    joined = pd.merge_asof(
        marks.sort_values("on", kind="stable"),
        given.sort_values("on", kind="stable"),
        on="on",
        by="customer_id",
        tolerance=pd.Timedelta(days=round(MEMORY_MONTHS * 365.25 / 12)),
    )
    values[joined["place"].to_numpy()] = joined["tone"].to_numpy(np.float64)
    return values


def _solved(view: Reader, seen: Windows) -> Matrix:
    """Share of each customer's contacts in the year before that were solved the first time."""
    if seen.rows.empty:
        return np.empty(0)
    found = solved_before(view, (*seen.closed_months, seen.today))
    joined = seen.rows[["customer_id", "landmark"]].merge(
        found, how="left", on=["customer_id", "landmark"]
    )
    contacts = joined["contacts"].to_numpy(np.float64, na_value=np.nan)
    return np.asarray(joined["solved"].to_numpy(np.float64, na_value=np.nan) / contacts)


def _metrics(
    base: ChurnStage, seen: Windows, closed: Windows, kinds: tuple[Kind, ...]
) -> tuple[Metric, ...]:
    told = {entry.item: entry.reason for entry in base.cleared.excluded if entry.item}
    nobody = _NOBODY if base.seen.rows.empty else ""
    return tuple(
        Metric(
            number=number,
            item=item,
            name=seen.key_of(number),
            label=label_of(seen, number),
            kind=kind,
            barred=nobody or told.get((item.name, item.variant)) or _too_thin(base, closed, number),
        )
        for number, (item, kind) in enumerate(zip(seen.items, kinds, strict=True))
    )


def _too_thin(base: ChurnStage, closed: Windows, number: int) -> str:
    """Why nothing can be estimated for an item, whatever its link may be."""
    item = closed.items[number]
    if item.match_rate < LOWEST_MATCH:
        return (
            f"Only {fmt.number(item.match_rate, 'share')} of the answers find their customer; "
            f"{fmt.number(LOWEST_MATCH, 'share')} are needed."
        )
    if base.conditions.against_rates:
        return base.conditions.against_rates[0].why
    if 2 * item.after_goodbye > item.n:
        return (
            f"{fmt.count(item.after_goodbye)} of {fmt.count(item.n)} answers were given when the "
            "customer had said goodbye: they tell what has happened."
        )
    answered = closed.scores[:, number][~np.isnan(closed.scores[:, number])]
    if answered.size < FEWEST_WINDOWS:
        return (
            f"Only {fmt.count(answered.size)} windows of {base.horizon} months after an answer are "
            f"over; {FEWEST_WINDOWS} are needed."
        )
    if np.ptp(answered) == 0:
        return "All answers are the same, so they tell nobody from anybody."
    return ""


def _by_metric(
    past: pd.DataFrame, said: pd.DataFrame, tone: pd.Series, kinds: tuple[Kind, ...]
) -> dict[int, pd.DataFrame]:
    """The past of each survey item, and of the tone of comments."""
    number = past["item_no"].to_numpy(np.int64)
    found = {int(one): past[number == one] for one in np.unique(number)}
    if "words" in kinds:
        found[kinds.index("words")] = _past_of_tone(past, said, tone)
    return found


def _past_of_tone(past: pd.DataFrame, said: pd.DataFrame, tone: pd.Series) -> pd.DataFrame:
    """One row a comment: its tone, and what was known when the answer beside it came."""
    days = pd.to_datetime(said["answered_on"])
    spoken = pd.DataFrame(
        {
            "customer_id": said["customer_id"],
            "month": 12 * days.dt.year + days.dt.month - 1,
            "value": said["row_key"].map(tone),
        }
    ).dropna()
    known = past.drop(columns=["item_no", "value", "band_position", "value_before"])
    rows = spoken.merge(
        known.drop_duplicates(["customer_id", "month"]), on=["customer_id", "month"]
    ).sort_values(["customer_id", "month"], kind="stable")
    return rows.assign(band_position=-1, value_before=rows.groupby("customer_id")["value"].shift())
