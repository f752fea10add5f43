"""Names of people and customers in free text, masked as far as they can be told.

Three ways a name gives itself away: the data knows it (customers, account managers, agents), a
title stands before it (Mr, Frau, Dona), or the writer says it is one (my name is ...). Any other
name looks like any other word and stays; so a quote is masked, not anonymous, and nobody sees one
who may not see single customers.
"""

import re
from collections.abc import Iterable
from typing import Final

from cxdash.privacy.contact_details import masked

__all__ = ["MARK", "Names"]

MARK: Final = "[name]"
_WORD: Final = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_CAPITAL: Final = r"[^\W\d_a-zß-öø-ÿ](?:[^\W\d_]|['’\-](?=[^\W\d_]))+"
_TITLED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Miss|Sir|Madam|Dr|Prof|Herrn?|Frau|Sr|Sra|Srta|Señora?|Senhora?|Don|Doña|"
    r"Dona|Mme|Mlle|Monsieur|Madame|Signora?|Sig|Meneer|Mevrouw|Dhr|Mevr)\b\.?\s+(?:(?:Dr|Prof)\b\.?\s+)*"
    rf"(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})"
)
_SAYS: Final = re.compile(
    r"(?i:\b(?:my name is|this is|i am called|signed|spoke (?:to|with)|talked (?:to|with)|"
    r"thanks to|thank you|ich heiße|mein name ist|dank an|me llamo|mi nombre es|gracias a|"
    r"je m['’]appelle|mon nom est|merci à|mi chiamo|il mio nome è|grazie a|mijn naam is|"
    r"dank aan|meu nome é|me chamo|obrigad[oa](?: a| ao| à)?)\s+)"
    rf"(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})"
)
_FEWEST_LETTERS: Final = 3
_FEWEST_ALONE: Final = 4  # a single word of fewer letters is rather a word than a name


class Names:
    """The names the data knows, ready to be looked for.

    Parameters
    ----------
    customers
        Names of customers: masked as a whole.
    staff
        Names of people who work for the company: each part of them is masked, too.
    """

    def __init__(self, customers: Iterable[str], staff: Iterable[str]) -> None:
        self._whole: dict[str, set[tuple[str, ...]]] = {}
        self._parts: set[str] = set()
        staff = tuple(staff)
        for name in (*customers, *staff):
            words = tuple(word.casefold() for word in _WORD.findall(name))
            if len("".join(words)) >= _FEWEST_ALONE:
                self._whole.setdefault(words[0], set()).add(words)
        for name in staff:
            self._parts |= {
                word.casefold()
                for word in _WORD.findall(name)
                if len(word) >= _FEWEST_LETTERS and word[0].isupper() and not word.isupper()
            }

    @property
    def of_staff(self) -> frozenset[str]:
        """Parts of the names of people who work for the company, in small letters."""
        return frozenset(self._parts)

    def masked(self, text: str) -> str:
        """The text with names, contact details and numbers of people replaced by marks.

        >>> Names(["Acme Ltd"], ["Ann Lee"]).masked("Ann of Acme Ltd asked Mr Poe at a@b.org")
        '[name] of [name] asked Mr [name] at [e-mail]'
        """
        told, last = [], 0
        for start, end in _merged(self._found(text)):
            told += [text[last:start], MARK]
            last = end
        return masked("".join([*told, text[last:]]))

    def _found(self, text: str) -> list[tuple[int, int]]:
        words = list(_WORD.finditer(text))
        small = [word[0].casefold() for word in words]
        found = [
            match.span("name") for pattern in (_TITLED, _SAYS) for match in pattern.finditer(text)
        ]
        for place, word in enumerate(words):
            if small[place] in self._parts and word[0][0].isupper():
                found.append(word.span())
            for name in self._whole.get(small[place], ()):
                # One word alone may be a word; it is the name where it is written like one.
                is_written = len(name) > 1 or word[0][0].isupper()
                if is_written and tuple(small[place : place + len(name)]) == name:
                    found.append((word.start(), words[place + len(name) - 1].end()))
        return found


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
