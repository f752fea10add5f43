"""Where customers are lost: who left, or was never seen, between a stage and the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from cxdash.panel.relations import month_end, month_index
from cxdash.questions.journey.stages import Stop
from cxdash.questions.judgement import LEVEL
from cxdash.stats.estimate import Estimate
from cxdash.stats.proportions import share

__all__ = ["Loss", "losses"]


@dataclass(frozen=True, slots=True)
class Loss:
    """Customers first seen at ``stage`` so long ago that the whole horizon after it is over.

    ``left`` left within it before they were seen at the next stage, ``reached`` were seen there,
    ``unseen`` stayed and were not; shares of ``customers``. ``following`` are the places in the
    list of the stages that come next; empty where no order is known or none follows: then ``left``
    counts all who left.
    """

    stage: int
    following: tuple[int, ...]
    customers: int
    left: Estimate | None
    reached: Estimate | None
    unseen: Estimate | None


def losses(
    stops: Sequence[Stop], days: pd.DataFrame, stays: pd.DataFrame, *, as_of: date, horizon: int
) -> tuple[Loss, ...]:
    """One for each stage, in their order.

    Seen means seen by us: an answer or a contact. The day a customer is first seen at a stage
    counts, while the customer had not said goodbye.
    """
    latest = pd.Timestamp(month_end(month_index(as_of) - horizon))
    return tuple(
        _loss(number, _next(stops, number), days, stays, latest, horizon)
        for number in range(len(stops))
    )


def _next(stops: Sequence[Stop], number: int) -> tuple[int, ...]:
    """All stages with the next position above at which anybody can be met."""
    own = stops[number].position
    after = {
        place: stop.position
        for place, stop in enumerate(stops)
        if own and stop.position and stop.position > own and stop.met
    }
    return tuple(place for place, at in after.items() if at == min(after.values()))


def _loss(
    number: int,
    following: tuple[int, ...],
    days: pd.DataFrame,
    stays: pd.DataFrame,
    latest: pd.Timestamp,
    horizon: int,
) -> Loss:
    first = days[days["stage"] == number].groupby("customer_id")["met_on"].min()
    first = first[first <= latest]
    frame = pd.DataFrame({"customer_id": first.index, "first": pd.to_datetime(first.to_numpy())})
    joined = frame.merge(stays, on="customer_id")
    started, left, notice = (
        pd.to_datetime(joined[name]) for name in ("started_on", "left_on", "notice_on")
    )
    here = (started <= joined["first"]) & ~(left <= joined["first"]) & ~(notice <= joined["first"])
    joined = joined.assign(left=left)[here].drop_duplicates("customer_id")
    if joined.empty:
        return Loss(number, following, 0, None, None, None)
    until = joined["first"] + pd.DateOffset(months=horizon)
    gone = (joined["left"] <= until).to_numpy(np.bool_)
    reached = np.zeros(len(joined), dtype=np.bool_)
    if following:
        later = days[days["stage"].isin(following)][["customer_id", "met_on"]]
        both = joined[["customer_id", "first", "left"]].merge(later, on="customer_id")
        met = pd.to_datetime(both["met_on"])
        seen = (met > both["first"]) & (met <= both["first"] + pd.DateOffset(months=horizon))
        seen &= ~(met >= both["left"])
        reached = joined["customer_id"].isin(both.loc[seen, "customer_id"]).to_numpy(np.bool_)
    n = len(joined)
    return Loss(
        stage=number,
        following=following,
        customers=n,
        left=share(int((gone & ~reached).sum()), n, level=LEVEL),
        reached=share(int(reached.sum()), n, level=LEVEL) if following else None,
        unseen=share(int((~gone & ~reached).sum()), n, level=LEVEL) if following else None,
    )
