"""Words that claim something: a direction or a cause. And names that people typed, made harmless.

Names (segments, items, products) may themselves hold such words, as in a plan called Growth. They
are then put in curly quotes, which :func:`direction_words` and :func:`cause_words` skip.
"""

import re
from typing import Final

__all__ = [
    "CAUSE_WORDS",
    "DIRECTION_WORDS",
    "begun",
    "cause_words",
    "claims",
    "direction_words",
    "named",
    "neutral",
    "quoted",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Change or rank, whatever the sentence: these never stand in a fixed sentence.
_CLAIMS: Final = _words("""
    improve improves improved improving improvement worsen worsens worsened worsening better
    worse best worst higher lower highest lowest rise rises rose risen rising fall falls fell
    fallen falling upward downward upwards downwards increase increases increased increasing
    decrease decreases decreased decreasing decline declines declined declining dropped dropping
    grew grown growing growth shrink shrinks shrank shrunk gained gaining climb climbs climbed
    climbing jumped jumping slipped slipping surge surged plunge plunged recovered raised
    raising reduced reducing reduction outperform outperforms outperformed stronger weaker
    faster slower
""")
# Amounts, which a reason may need ("fewer than 30 customers") but a comparison may not.
_AMOUNTS: Final = _words("""
    more less fewer most least greater smaller larger bigger high low up down above below exceed
    exceeds exceeded ahead behind drop drops gain gains grow grows jump jumps slip slips raise
    raises reduce reduces recover cut cuts
""")
DIRECTION_WORDS: Final = _CLAIMS | _AMOUNTS
CAUSE_WORDS: Final = _words("""
    because cause causes caused causing drive drives drove driven driving driver drivers due
    thanks owing lead leads led leading result results resulted resulting impact impacts
    impacted effect effects affect affects affected influence influences influenced explain
    explains explained prove proves proved proven contribute contributes contributed thereby
    therefore hence
""")
_QUOTED: Final = re.compile("“[^“”]*”")
_CURLY: Final = re.compile("[“”]")
_WORD: Final = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
)
_LONGEST_NAME: Final = 80
_NO_CURLY_QUOTES: Final = str.maketrans({"“": "'", "”": "'"})


def direction_words(text: str) -> tuple[str, ...]:
    """The words in ``text`` that claim a direction, names in curly quotes left out."""
    return _found(text, DIRECTION_WORDS)


def cause_words(text: str) -> tuple[str, ...]:
    """The words in ``text`` that claim a cause, names in curly quotes left out."""
    return _found(text, CAUSE_WORDS)


def quoted(name: str) -> str:
    """A name that a person typed, in curly quotes on one line, safe to stand in any sentence."""
    return f"“{_one_line(name).translate(_NO_CURLY_QUOTES)}”"


def named(name: str) -> str:
    """A name as it may stand in a sentence: on one line, quoted if it claims something.

    What is quoted already, whole or in part, stays so.
    """
    line = _one_line(name)
    if direction_words(line) or cause_words(line):
        return quoted(line)
    loose_quotes = _CURLY.search(_QUOTED.sub("", line))
    return line.translate(_NO_CURLY_QUOTES) if loose_quotes else line


def begun(text: str) -> str:
    """The words as a sentence begins, within quotes as well: ``“Ease of use” is ...``"""
    first = 1 if text.startswith("“") else 0
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def claims(text: str) -> tuple[str, ...]:
    """The words in ``text`` that claim change or rank; amounts such as "fewer than 30" do not."""
    return _found(text, _CLAIMS)


def neutral(text: str) -> str:
    """A fixed sentence of the program, checked, without its full stop.

    Raises
    ------
    ValueError
        If it claims that something changed or ranks before another.
    """
    found = claims(text)
    if found:
        raise ValueError(f"a fixed sentence must not claim {', '.join(found)}: {text!r}")
    return text.strip().rstrip(".")


def _found(text: str, words: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in _WORD.findall(_QUOTED.sub("", text).lower()) if word in words)


def _one_line(text: str) -> str:
    line = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1].rstrip()}…"
