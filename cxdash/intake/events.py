"""Which kind of event a word in a register stands for.

The kinds are few so that charts and questions can tell them apart; any other word is refused with
the list of kinds, rather than filed under a kind nobody meant.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["EVENT_WORDS"]

_WORDS: Final = {
    "price": ("price", "price rise", "price increase", "price change", "pricing", "discount"),
    "outage": ("outage", "downtime", "incident", "failure", "disruption"),
    "leadership": ("leadership", "new chief executive", "new ceo", "management", "reorganisation"),
    "incentive": ("incentive", "bonus", "pay", "target", "commission"),
    "survey": ("survey", "survey change", "questionnaire", "new survey tool"),
    "season": ("season", "holiday", "holidays", "peak season", "seasonal"),
    "other": ("other", "pilot", "campaign", "launch", "release", "process", "misc"),
}
#: Word in lower case to the kind of event it stands for.
EVENT_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {word: kind for kind, words in _WORDS.items() for word in words}
)
