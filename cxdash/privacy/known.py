"""Names of customers and contact details in the words of an Answer, replaced."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from cxdash.facts import Answer, Cell, Fact, Row
from cxdash.privacy.contact_details import masked
from cxdash.privacy.pseudonyms import Pseudonyms
from cxdash.store import Reader

__all__ = ["as_pseudonyms", "texts_of", "without_contact_details"]

_QUOTED: Final = re.compile(r"“([^”]+)”")
_ID_COLUMNS: Final = ("customer_id", "account")

Turn = Callable[[str], str]


def as_pseudonyms(answer: Answer, pseudonyms: Pseudonyms, view: Reader) -> Answer:
    """The Answer with every customer number, alias and name it quotes under its pseudonym."""
    quoted = {name for text in texts_of(answer) for name in _QUOTED.findall(text)}
    quoted |= {
        str(row[column])
        for rows in answer.tables.values()
        for row in rows
        for column in _ID_COLUMNS
        if isinstance(row.get(column), str)
    }
    owner = _owners(view, sorted(quoted))

    def turned(text: str) -> str:
        if text in owner:
            return pseudonyms.of(owner[text])
        return _QUOTED.sub(
            lambda found: f"“{pseudonyms.of(owner[found[1]])}”" if found[1] in owner else found[0],
            text,
        )

    return _turned(answer, turned, cells=lambda column: column in _ID_COLUMNS)


def _owners(view: Reader, names: list[str]) -> dict[str, str]:
    """The customer behind each of the names, where there is one."""
    rows = view.rows(
        "SELECT customer_id AS name, customer_id FROM panel_people WHERE customer_id IN (SELECT "
        "unnest(?)) UNION SELECT name, customer_id FROM customers WHERE is_current AND name IN "
        "(SELECT unnest(?)) UNION SELECT alias, customer_id FROM customer_keys WHERE is_current "
        "AND alias IN (SELECT unnest(?))",
        [names, names, names],
    )
    return {str(row["name"]): str(row["customer_id"]) for row in rows}


def without_contact_details(answer: Answer) -> Answer:
    """The Answer with the contact details in its words masked."""
    return _turned(answer, masked, cells=lambda _: True)


def texts_of(answer: Answer) -> Iterator[str]:
    """Everything an Answer says in words, its tables' cells included."""
    yield from (answer.headline, *answer.caveats, *answer.missing)
    for fact in answer.facts:
        yield from _texts_of_fact(fact)
    for chart in answer.charts:
        yield from (chart.title, chart.alt, *chart.category_order)
        yield from (what for _, what in chart.moments)
    for rows in answer.tables.values():
        for row in rows:
            yield from (cell for cell in row.values() if isinstance(cell, str))


def _texts_of_fact(fact: Fact) -> Iterator[str]:
    yield from (fact.label, fact.population, fact.period, fact.method.description)
    yield from (*fact.caveats, *fact.sources)
    card = fact.method.card
    if card is not None:
        yield from (card.model, card.formula, card.sample, card.window, card.validation)
        yield from (card.sensitivity, *card.exclusions, *card.assumptions)


def _turned(answer: Answer, turn: Turn, *, cells: Callable[[str], bool]) -> Answer:
    """Every text of the Answer turned; cells whole where ``cells`` holds, else what they quote."""

    def in_row(row: Row) -> Row:
        return {name: _cell(name, cell) for name, cell in row.items()}

    def _cell(name: str, cell: Cell) -> Cell:
        if not isinstance(cell, str):
            return cell
        return turn(cell) if cells(name) or "“" in cell else cell

    return replace(
        answer,
        headline=turn(answer.headline),
        facts=tuple(_turned_fact(fact, turn) for fact in answer.facts),
        tables={name: [in_row(row) for row in rows] for name, rows in answer.tables.items()},
        caveats=tuple(map(turn, answer.caveats)),
        missing=tuple(map(turn, answer.missing)),
        charts=tuple(
            replace(
                chart,
                title=turn(chart.title),
                alt=turn(chart.alt),
                category_order=tuple(map(turn, chart.category_order)),
                moments=tuple((day, turn(what)) for day, what in chart.moments),
            )
            for chart in answer.charts
        ),
    )


def _turned_fact(fact: Fact, turn: Turn) -> Fact:
    method, card = fact.method, fact.method.card
    if card is not None:
        card = replace(
            card,
            sample=turn(card.sample),
            exclusions=tuple(map(turn, card.exclusions)),
            assumptions=tuple(map(turn, card.assumptions)),
            validation=turn(card.validation),
            sensitivity=turn(card.sensitivity),
        )
    return replace(
        fact,
        label=turn(fact.label),
        population=turn(fact.population),
        method=replace(method, description=turn(method.description), card=card),
        caveats=tuple(map(turn, fact.caveats)),
        sources=tuple(map(turn, fact.sources)),
    )
