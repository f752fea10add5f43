"""How small a group may be before a figure about it says something of single customers or people.

The least sizes are those usual in surveys of customers and of employees; a remark needs more people
around it than a figure, because its words may give its writer away.
"""

from typing import Final

__all__ = [
    "FEWEST_CUSTOMERS",
    "FEWEST_EMPLOYEES",
    "FEWEST_WRITERS",
    "MOST_FILTERS",
    "WITHHELD",
    "is_small",
]

FEWEST_CUSTOMERS: Final = 5
FEWEST_WRITERS: Final = 8
FEWEST_EMPLOYEES: Final = 10
MOST_FILTERS: Final = 2  # filters set at once by who may not see single customers
WITHHELD: Final = (
    f"Withheld: it is about fewer than {FEWEST_CUSTOMERS} customers, or would tell of them."
)


def is_small(count: float, fewest: int = FEWEST_CUSTOMERS) -> bool:
    """Whether so many are somebody, and too few; nobody is not small."""
    return 0 < count < fewest
