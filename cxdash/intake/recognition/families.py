"""Columns that belong to one question: the choices of a multi-select, the rows of a grid."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from cxdash.intake.mapping import NOT_CHOSEN
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.vocabulary import normal

__all__ = ["Family", "families"]

_TICKS: Final = frozenset(
    {"1", "1.0", "x", "true", "yes", "y", "ja", "sim", "si", "oui", "selected"}
)
_TICKED: Final = _TICKS | {"checked", "chosen", "on", "gewahlt", "ausgewahlt"}
_OTHER: Final = re.compile(
    r"\b(other|please specify|sonstige\w*|andere\w*|autre\w*|otr[oa]s?|outr[oa]s?)\b"
)
_BRACKETS: Final = re.compile(r"(.{3,}?)\s*\[(.+)\]")
_NUMBERED: Final = re.compile(r"(.+?)[_.](\d{1,3})")
_TEXT_PART: Final = re.compile(r"_TEXT$|\bText$")
_BETWEEN: Final = (" - ", " – ", " | ", ": ")
_LONGEST_PART: Final = 120


@dataclass(frozen=True, slots=True)
class Family:
    """A question that spans several columns: (column, what the column stands for) of each.

    ``is_choice`` when the columns are choices of which several may be ticked; else they are rows of
    a grid answered on one scale. ``is_numbered`` when only their names belong together (Q2_1, Q2_2)
    and each part is a question of its own.
    """

    question: str
    parts: tuple[tuple[Shapes, str], ...]
    is_choice: bool
    is_numbered: bool = False


def families(shapes: Sequence[Shapes], *, numbered: bool) -> tuple[Family, ...]:
    """Neighbouring columns that speak of one question.

    ``numbered`` for tools that call them ``Q5_1``, ``Q5_2`` and write the question below.
    """
    found = []
    for question, parts in _runs(shapes, numbered=numbered):
        filled = [(shape, part) for shape, part in parts if shape.filled]
        if len(parts) < 2 or not filled:
            continue
        if _is_choice([shape for shape, _ in parts], filled):
            found.append(Family(question, tuple(parts), is_choice=True))
        elif len(filled) > 1 and not any(_OTHER.search(normal(part)) for _, part in filled):
            alone = question in {_stem(shape.name) for shape, _ in filled}
            found.append(Family(question, tuple(filled), is_choice=False, is_numbered=alone))
    return tuple(found)


def _runs(
    shapes: Sequence[Shapes], *, numbered: bool
) -> Iterator[tuple[str, list[tuple[Shapes, str]]]]:
    """Neighbours under one question, each with its part of it."""
    told = [
        (shape, _split(shape, shapes, at, numbered=numbered)) for at, shape in enumerate(shapes)
    ]
    for question, group in groupby(told, key=lambda pair: pair[1][0]):
        if question:
            yield question, [(shape, part) for shape, (_, part) in group]


def _split(shape: Shapes, shapes: Sequence[Shapes], at: int, *, numbered: bool) -> tuple[str, str]:
    """The question a column belongs to and its own part of it; empty when it stands alone."""
    if _TEXT_PART.search(shape.name) or (numbered and not _numbered_alike(shape, shapes, at)):
        return "", ""
    text, *around = (
        other.label if numbered and other.label else other.name
        for other in (shape, *shapes[max(0, at - 1) : at], *shapes[at + 1 : at + 2])
    )
    match = _BRACKETS.fullmatch(text)
    if match:
        return match[1], match[2]
    # The first column of a question may carry the question alone.
    if any(other.startswith(text + mark) for other in around for mark in _BETWEEN[:2]):
        return text, _only_answer(shape)
    cut = _cut(text, around)
    # Questions of one block in a row, each worded on its own.
    return cut if cut[0] or not numbered else (_stem(shape.name), text)


def _stem(name: str) -> str:
    match = _NUMBERED.fullmatch(name)
    return match[1] if match else ""


def _cut(text: str, around: Sequence[str]) -> tuple[str, str]:
    """A text cut behind the longest beginning it shares with a neighbour; empty when it has none.

    A question may hold a dash itself.
    """
    cuts = sorted(
        (found.start(), mark) for mark in _BETWEEN for found in re.finditer(re.escape(mark), text)
    )
    for place, mark in reversed(cuts):
        stem, part = text[:place], text[place + len(mark) :]
        shared = any(other == stem or other.startswith(stem + mark) for other in around)
        if part and len(part) <= _LONGEST_PART and shared:
            return stem, part
    return "", ""


def _numbered_alike(shape: Shapes, shapes: Sequence[Shapes], at: int) -> bool:
    """Whether a neighbour is called Q5_2 where this one is called Q5_1."""
    mine = _NUMBERED.fullmatch(shape.name)
    if not mine:
        return False
    near = (*shapes[max(0, at - 2) : at], *shapes[at + 1 : at + 3])
    others = (_NUMBERED.fullmatch(other.name) for other in near)
    return any(other and other[1] == mine[1] for other in others)


def _only_answer(shape: Shapes) -> str:
    return next(iter(shape.values)) if shape.values and len(shape.values) == 1 else ""


def _is_choice(every: Sequence[Shapes], filled: Sequence[tuple[Shapes, str]]) -> bool:
    """Whether each column only says that its choice was ticked."""
    ticked = [_ticks(shape, part) for shape, part in filled]
    if not all(ticked):
        return False
    # Where every cell is filled with the same sign, it may as well be an answer on a scale.
    return "word" in ticked or any(shape.filled < shape.rows for shape in every)


def _ticks(shape: Shapes, part: str) -> str:
    """How a column ticks its choice: by the choice's own words, by a sign, or by free text."""
    if _OTHER.search(normal(part)):
        return "other"
    said = {normal(value) for value in shape.values or ("?", "!")}
    said -= {normal(word) for word in NOT_CHOSEN}
    if len(said) > 1:
        return ""
    if not said or said <= {normal(part), ""}:
        return "word"
    return "sign" if said <= _TICKED else ""
