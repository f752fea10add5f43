"""How a number is known: the Fact's own words and its methods card, in the order a sceptic asks."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cxdash.faces.days import day_of
from cxdash.faces.web.escape import md
from cxdash.faces.web.glossary import meaning
from cxdash.facts import Fact
from cxdash.facts import format as printing

__all__ = ["known_by"]

_ISO_DAY: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def known_by(fact: Fact) -> str:
    """Markdown: what it is, how it was made, what must hold, how it was checked, what it rests on.

    A part that says the same as an earlier one is left out.
    """
    said: set[str] = set()
    lines = []
    for name, texts in _parts(fact):
        news = [text for text in texts if text and text not in said]
        said.update(news)
        if news:
            lines.append(_entry(name, news))
    return "\n\n".join(lines)


def _entry(name: str, texts: Sequence[str]) -> str:
    told = [md(_ISO_DAY.sub(_spoken, text)) for text in texts]
    if len(told) == 1:
        return f"**{name}.** {told[0]}"
    return "\n".join([f"**{name}.**", "", *(f"- {text}" for text in told)])


def _spoken(found: re.Match[str]) -> str:
    """A day as the pages write it; digits that are no day stay as they are."""
    day = day_of(found[0])
    return printing.day(day) if day else found[0]


def _parts(fact: Fact) -> Iterator[tuple[str, tuple[str, ...]]]:
    definition, card = meaning(fact.definition), fact.method.card
    if definition is not None:
        yield "What it is", (definition.plain,)
    yield "Who", (fact.population,)
    yield "When", (fact.period,)
    yield "How", (fact.method.description,)
    if card is not None:
        yield "Model", (card.model,)
        yield "What is computed", (card.formula,)
        yield "Rows", (card.sample,)
        yield "Window", (card.window,)
        yield "Left out", card.exclusions
        yield "What must hold", card.assumptions
        yield "How it was checked", (card.validation or "It was not checked on later data.",)
        yield "What would move it", (card.sensitivity,)
    if definition is not None:
        yield "Formula", (definition.formula,)
        yield "Trap", (definition.trap,)
        yield "Source of the definition", (definition.source,)
    yield "Careful", fact.caveats
    yield "Rests on", ("; ".join(fact.sources),)
    if card is not None:
        yield "Computed by", (card.code,)
