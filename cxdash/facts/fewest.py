"""How small a group may be before a figure about it says something of single people.

Written down once: privacy withholds by it, and questions about employees leave smaller units out of
everything they work out.
"""

from typing import Final

__all__ = ["FEWEST_CUSTOMERS", "FEWEST_PEOPLE", "FEWEST_WRITERS"]

FEWEST_CUSTOMERS: Final = 5
FEWEST_WRITERS: Final = 8  # a remark may give its writer away by its words
FEWEST_PEOPLE: Final = 10  # a smaller unit of employees would name its people
