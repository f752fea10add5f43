"""What is held equal when answers are set beside money, worked out once for all candidates.

Between customers: time as a customer, segment, plan, region, period; not what they paid before,
which is what is to be told. Within customers: the period, time as a customer, recent contacts; all
that stays the same about a customer drops out by itself. Time as a customer counts in whole years
too, since prices and terms move at anniversaries.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.questions.design import Controls, leaks
from cxdash.questions.revenue.frame import Candidate, Frame

__all__ = ["Held", "held_equal"]

Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

_GROUPS: Final = ("segment", "plan", "region")
_OTHER: Final = ("window", "spend", "price_change", "contacts", "unresolved", "idle")
_LONGEST_YEARS: Final = 10
_SAME_SPEND: Final = 1e-6
_TENURE: Final = "time as a customer"


@dataclass(frozen=True, slots=True)
class Held:
    """Money, whose it is and when, and the columns held equal beside it.

    ``spend``, ``customer`` and ``period`` have shape (rows,); ``between`` and the two parts of what
    is held equal within customers have shape (rows, columns).
    """

    spend: Matrix
    customer: Codes
    period: Codes
    between: Matrix
    between_words: tuple[str, ...]
    moving: Matrix
    contacts: Matrix

    @property
    def customers(self) -> int:
        return int(np.unique(self.customer).size)

    @property
    def moves(self) -> bool:
        """Whether any customer paid another amount in one window than in another."""
        codes = np.unique(self.customer, return_inverse=True)[1]
        lowest, highest = np.full(codes.max() + 1, np.inf), np.zeros(codes.max() + 1)
        np.minimum.at(lowest, codes, self.spend)
        np.maximum.at(highest, codes, self.spend)
        return bool((highest - lowest > _SAME_SPEND * highest).any())

    def part(self, keep: Mask) -> "Held":
        """The rows for which ``keep`` (shape (rows,)) holds."""
        return replace(
            self,
            spend=self.spend[keep],
            customer=self.customer[keep],
            period=self.period[keep],
            between=self.between[keep],
            moving=self.moving[keep],
            contacts=self.contacts[keep],
        )

    def within(self, candidate: Candidate) -> Matrix:
        """What is held equal within customers; contacts only where they are not in question."""
        if candidate.item is None:
            return self.moving
        return np.column_stack([self.moving, self.contacts])

    def within_words(self, candidate: Candidate) -> tuple[str, ...]:
        """The same in plain words."""
        named = ("everything that stays the same about a customer", "the period", _TENURE)
        told = candidate.item is not None and self.contacts.shape[1] > 0
        return (*named, "recent contacts") if told else named


def held_equal(lived: Frame) -> Held:
    """The columns for all rows of a frame."""
    rows = lived.seen.rows
    periods = _periods(lived.period)
    controls = Controls.learned(rows, leaks(rows, _GROUPS), groups=_GROUPS, without=_OTHER)
    tenure = rows["tenure_months"].to_numpy(np.float64)
    years = np.clip(tenure // 12, 0, _LONGEST_YEARS)
    bands = [(years == k).astype(np.float64) for k in range(1, _LONGEST_YEARS + 1)]
    words = [name for name in controls.held_equal if name != _TENURE]
    contacts = rows["contacts_before"].to_numpy(np.float64)
    unsolved = rows["unresolved_before"].to_numpy(np.float64)
    served = [np.log1p(contacts), np.log1p(unsolved)] if contacts.any() else []
    return Held(
        spend=lived.spend,
        customer=lived.customer,
        period=lived.period,
        between=np.column_stack([*bands, controls.matrix(rows), periods]),
        between_words=(_TENURE, *words),
        moving=np.column_stack([*bands, np.log1p(tenure.clip(min=0)), periods]),
        contacts=np.column_stack(served) if served else np.empty((len(rows), 0)),
    )


def _periods(period: Codes) -> Matrix:
    """A column a period but the first."""
    known = np.unique(period)[1:]
    return np.asarray(period[:, None] == known[None, :], dtype=np.float64)
