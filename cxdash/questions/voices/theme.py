"""The themes of the comments: those a person named, and those found in the words.

A theme that a person named counts first: a comment that uses one of its words speaks of it and of
none that was found.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.panel import Panel
from cxdash.privacy.contact_details import MARKS
from cxdash.privacy.names import MARK
from cxdash.questions.progress import tell
from cxdash.questions.voices.heard import Heard
from cxdash.register import Kept, current
from cxdash.register.kinds.voices import Theme
from cxdash.stats.languages import SUPPORTED, words_in
from cxdash.stats.themes import FEWEST_WRITERS, STEADY, folded, themes_of
from cxdash.store import Reader

__all__ = ["Spoken", "spoken_themes", "words_of"]

Mask = NDArray[np.bool_]

_KEPT: Final = 2
_SEED: Final = 40_117
_IN_NAME: Final = 3  # words that name a theme
_BETWEEN: Final = re.compile(r"[,;\n]+")
_ANY_END: Final = "*"
_MARKED: Final = re.compile("|".join(map(re.escape, (MARK, *MARKS.values()))))


@dataclass(frozen=True, slots=True)
class Spoken:
    """One theme and the comments that speak of it.

    Parameters
    ----------
    id
        Stable as long as its top words stay: ``en.delivery-late``; of a named one that of the
        entry.
    language
        Code of the language it was found in; empty for one that a person named.
    stability
        0 to 1, how alike itself it comes when comments are drawn again; None for a named one.
    says
        Shape (comments,).
    """

    id: str
    label: str
    words: tuple[str, ...]
    language: str
    stability: float | None
    says: Mask

    @property
    def is_named(self) -> bool:
        return self.stability is None

    @property
    def is_steady(self) -> bool:
        return self.stability is None or self.stability >= STEADY


def spoken_themes(view: Reader, built: Panel, said: Heard) -> tuple[Spoken, ...]:
    """Named themes first, then those found, each by how many comments speak of it."""
    named = tuple(_named(current(view, Theme), said))
    taken = np.any([theme.says for theme in named], axis=0) if named else np.bool_(False)
    key = (built.last_month, len(said.rows), str(said.rows["answered_on"].max()))
    found = view.kept("voices themes", key, lambda: tuple(_found(said)), room=_KEPT)
    left = (replace(theme, says=theme.says & ~taken) for theme in found)
    whole = [theme for theme in (*named, *left) if _writers(theme, said) >= FEWEST_WRITERS]
    return tuple(sorted(whole, key=lambda t: (not t.is_named, -int(t.says.sum()), t.id)))


def words_of(typed: str) -> tuple[str, ...]:
    """The words or phrases of a named theme, as compared: small letters, no accents.

    >>> words_of("Delivery; late  parcel, courier*")
    ('delivery', 'late parcel', 'courier*')
    """
    parts = []
    for part in _BETWEEN.split(typed):
        any_end = part.strip().endswith(_ANY_END)
        words = " ".join(folded(word) for word in words_in(part))
        if words:
            parts.append(words + (_ANY_END if any_end else ""))
    return tuple(dict.fromkeys(parts))


def _writers(theme: Spoken, said: Heard) -> int:
    return len(set(said.rows["who"].to_numpy(dtype=object)[theme.says]))


def _named(entries: Sequence[Kept[Theme]], said: Heard) -> Iterator[Spoken]:
    if not entries:
        return
    texts = [" ".join(folded(word) for word in words_in(text)) for text in said.rows["body"]]
    for entry in entries:
        words = words_of(entry.record.words)
        pattern = re.compile("|".join(map(_pattern, words)))
        yield Spoken(
            id=entry.id,
            label=entry.record.name,
            words=words,
            language="",
            stability=None,
            says=np.array([bool(pattern.search(text)) for text in texts], dtype=np.bool_),
        )


def _pattern(words: str) -> str:
    """Whole words, or with a star words that begin so."""
    end = r"(?!\S)" if not words.endswith(_ANY_END) else ""
    return rf"(?<!\S){re.escape(words.removesuffix(_ANY_END))}{end}"


def _found(said: Heard) -> Iterator[Spoken]:
    languages = [code for code in SUPPORTED if (said.language == code).any()]
    many: list[Spoken] = []
    for number, code in enumerate(languages):
        start = 0.4 + 0.4 * number / len(languages)
        own = said.language == code
        place = np.flatnonzero(own)

        def told(share: float, start: float = start) -> None:
            tell("Looking for themes", start + 0.4 * share / len(languages))

        told(0.0)
        found = themes_of(
            _unnamed(said, place),
            said.rows["who"].iloc[place].tolist(),
            code,
            rng=np.random.default_rng(_SEED),
            without=frozenset(map(folded, said.names.of_staff)),
            told=told,
        )
        for column, theme in enumerate(found.themes if found else ()):
            says = np.zeros(len(said.rows), dtype=np.bool_)
            says[place] = found.speaks[:, column] if found else False
            name = ", ".join(theme.words[:_IN_NAME])
            short = "-".join(folded(word) for word in theme.words[:2])
            many.append(Spoken(f"{code}.{short}", name, theme.words, code, theme.stability, says))
    yield from _told_apart(many)


def _unnamed(said: Heard, place: NDArray[np.intp]) -> list[str]:
    """Comments without names and contact details: parts of an address would become a theme."""
    return [_MARKED.sub(" ", said.names.masked(text)) for text in said.rows["body"].iloc[place]]


def _told_apart(found: Sequence[Spoken]) -> Iterator[Spoken]:
    """Two themes never share an id; the language stands in the name where there are several."""
    several = len({theme.language for theme in found}) > 1
    seen: dict[str, int] = {}
    for theme in found:
        seen[theme.id] = seen.get(theme.id, 0) + 1
        again = f"-{seen[theme.id]}" if seen[theme.id] > 1 else ""
        spoken = f" ({SUPPORTED[theme.language]})" if several else ""
        yield replace(theme, id=f"{theme.id}{again}", label=f"{theme.label}{spoken}")
