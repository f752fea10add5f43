"""How small a group may be before a figure about it says something of single customers or people.

The least sizes are those usual in surveys of customers; a remark needs more people around it than a
figure, because its words may give its writer away. Units of employees are kept from everybody, also
out of totals (:mod:`cxdash.panel.teams`, :mod:`cxdash.questions.trial.units`).
"""

from typing import Final

from cxdash.facts.fewest import FEWEST_CUSTOMERS, FEWEST_PEOPLE, FEWEST_WRITERS

__all__ = [
    "FEWEST_CUSTOMERS",
    "FEWEST_PEOPLE",
    "FEWEST_WRITERS",
    "MOST_FILTERS",
    "WITHHELD",
    "WRITTEN",
    "is_small",
]

WRITTEN: Final = "comment_tone"  # the one metric made of what customers wrote
MOST_FILTERS: Final = 2  # filters set at once by who may not see single customers
WITHHELD: Final = (
    f"Withheld: it is about fewer than {FEWEST_CUSTOMERS} customers, or would tell of them."
)


def is_small(count: float, fewest: int = FEWEST_CUSTOMERS) -> bool:
    """Whether so many are somebody, and too few; nobody is not small."""
    return 0 < count < fewest
