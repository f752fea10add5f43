"""An Answer as it may be seen by somebody who may not see single customers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from cxdash.facts import Answer, Cell, Chart, Fact, Row, Scope
from cxdash.panel import settled
from cxdash.privacy.cells import Hidden, hidden_cells
from cxdash.privacy.known import as_pseudonyms, without_contact_details
from cxdash.privacy.layouts import layout_of
from cxdash.privacy.numbers import hidden_facts
from cxdash.privacy.pseudonyms import Pseudonyms
from cxdash.privacy.rules import WITHHELD
from cxdash.privacy.sentences import INSTEAD, Figure, Sentences
from cxdash.privacy.single import LISTS, shared_list
from cxdash.privacy.views import View, refuse_small, views_open_to
from cxdash.store import Database

__all__ = ["answered", "shown"]

_NAME: Final = 60  # letters of a text that names a row
_JUDGEMENTS: Final = ("label", "verdict", "grade", "kind", "unit", "signal", "model", "variant")

# A file may be called after the one customer it is about.
_SOURCE: Final = re.compile(r"(import \d+): .*( \(\w+\))", re.DOTALL)
_LIST_OF_ALL: Final = (
    "The list of customers is shown to your role for all customers only, under pseudonyms and with "
    "the mean figures of groups of at least five."
)


def answered(
    db: Database, scope: Scope, ask: Callable[[Scope], Answer], *, sees_people: bool
) -> Answer:
    """The Answer to ``ask(scope)``; without small groups unless ``sees_people``.

    ``ask`` is also put to the wider choices of customers, with which this one could be compared.

    Raises
    ------
    UsageError
        The choice of customers is too small, or could be told by comparing.
    """
    if sees_people:
        return ask(scope)
    with settled(db) as view:
        refuse_small(view, scope.where)
        views = views_open_to(view)
    wider = [ask(replace(scope, where=where)) for where in _wider(scope)]
    return shown(ask(scope), wider, views, Pseudonyms.beside(db.path), db)


def _wider(scope: Scope) -> list[tuple[tuple[str, str], ...]]:
    own = scope.where
    return [where for size in range(len(own)) for where in combinations(own, size)]


def shown(
    answer: Answer,
    wider: Sequence[Answer],
    views: frozenset[View],
    pseudonyms: Pseudonyms,
    db: Database,
) -> Answer:
    """The Answer without anything about too few customers, and under pseudonyms.

    ``wider`` answer the same question for choices that hold this one's customers, ``views`` are the
    choices that may be looked at.
    """
    hidden = hidden_cells(answer, wider, views)
    facts = hidden_facts(answer, wider, hidden)
    sentences = _sentences(answer, hidden, facts)
    tables = {
        name: _table(answer, name, hidden, sentences, pseudonyms)
        for name in answer.tables
        if name not in hidden.tables
    }
    told = replace(
        answer,
        headline=sentences.without(answer.headline),
        facts=tuple(_fact(fact, sentences, withheld=fact.id in facts) for fact in answer.facts),
        tables={name: rows for name, rows in tables.items() if rows or not answer.tables[name]},
        caveats=_caveats(answer, tables, hidden, sentences),
        missing=sentences.of_all(answer.missing),
        charts=(),
    )
    charts = tuple(
        _chart(chart, replace(sentences, gone=sentences.gone | _gone(answer, hidden, chart.table)))
        for chart in answer.charts
        if chart.table in told.tables
    )
    return without_contact_details(as_pseudonyms(replace(told, charts=charts), pseudonyms, db))


def _sentences(answer: Answer, hidden: Hidden, facts: frozenset[str]) -> Sentences:
    """Withholds what would tell a hidden cell or Fact."""
    secrets: set[Figure] = set()
    told: set[Figure] = set()
    for name, place, column, figure in _figures(answer):
        is_secret = name in hidden.tables or hidden.holds(name, place, column)
        (secrets if is_secret else told).add(Figure(figure, _names(answer.tables[name][place])))
    for fact in answer.facts:
        ends = (fact.interval.low, fact.interval.high) if fact.interval else ()
        known = [abs(figure) for figure in (fact.value, float(fact.n), *ends) if figure is not None]
        kept = secrets if fact.id in facts else told
        kept |= {Figure(figure, (fact.label,)) for figure in known}
    return Sentences(frozenset(secrets), frozenset(told), _gone(answer, hidden))


def _gone(answer: Answer, hidden: Hidden, table: str = "") -> frozenset[str]:
    """Names of rows that are hidden whole, in ``table`` or, without one, wherever they stand."""
    gone: set[str] = set()
    left: set[str] = set()
    for name in (table,) if table else answer.tables:
        for place, row in enumerate(answer.tables[name]):
            named = row.get("label") or row.get("group") or row.get("segment")
            if isinstance(named, str):
                (gone if place in hidden.rows[name] else left).add(named)
    return frozenset(gone - left)


def _names(row: Row) -> tuple[str, ...]:
    """What a row is called: its short texts, with and without the column they are a value of."""
    texts = [cell for cell in row.values() if isinstance(cell, str) and 2 < len(cell) <= _NAME]
    return tuple(
        dict.fromkeys([*texts, *(text.partition(": ")[2] for text in texts if ": " in text)])
    )


def _figures(answer: Answer) -> Iterator[tuple[str, int, str, float]]:
    """Every figure in the tables: table, place of the row, column, size without its sign.

    Those of single customers are left out: a sentence about one account is withheld whatever it
    says.
    """
    for name, rows in answer.tables.items():
        layout = layout_of(answer.question, name)
        one = layout.one if layout is not None else ()
        for place, row in enumerate(rows if (answer.question, name) not in LISTS else ()):
            for column, cell in row.items():
                is_figure = isinstance(cell, int | float) and not isinstance(cell, bool)
                if is_figure and column not in one:
                    yield name, place, column, abs(float(str(cell)))


def _table(
    answer: Answer, name: str, hidden: Hidden, sentences: Sentences, pseudonyms: Pseudonyms
) -> Sequence[Row]:
    rows = answer.tables[name]
    if (answer.question, name) in LISTS:
        return [] if answer.scope.where else shared_list(rows, pseudonyms)
    layout = layout_of(answer.question, name)
    named = layout.key if layout else ()
    return [_row(row, name, place, hidden, sentences, named) for place, row in enumerate(rows)]


def _row(
    row: Row, table: str, place: int, hidden: Hidden, sentences: Sentences, named: Sequence[str]
) -> Mapping[str, Cell]:
    told: dict[str, Cell] = {}
    for column, cell in row.items():
        if hidden.holds(table, place, column) and not isinstance(cell, str):
            told[column] = None
        elif isinstance(cell, str) and column not in named and column not in _JUDGEMENTS:
            told[column] = sentences.without(cell, instead=WITHHELD)
        else:
            told[column] = cell
    return told


def _fact(fact: Fact, sentences: Sentences, *, withheld: bool) -> Fact:
    """The Fact with its words looked at; without its figures where they are withheld."""
    method = replace(fact.method, description=sentences.without(fact.method.description))
    if method.card is not None:
        card = method.card
        method = replace(
            method,
            card=replace(
                card,
                sample="" if withheld else sentences.without(card.sample),
                exclusions=sentences.of_all(card.exclusions),
                validation=sentences.without(card.validation),
                sensitivity=sentences.without(card.sensitivity),
            ),
        )
    caveats = sentences.of_all(fact.caveats)
    sources = tuple(_SOURCE.sub(r"\1\2", source) for source in fact.sources)
    told = replace(fact, method=method, caveats=caveats, sources=sources)
    if not withheld:
        return told
    return replace(told, value=None, interval=None, n=0, caveats=(WITHHELD, *caveats))


def _caveats(
    answer: Answer, tables: Mapping[str, Sequence[Row]], hidden: Hidden, sentences: Sentences
) -> tuple[str, ...]:
    """The caveats that may be told, and why something is not shown."""
    told = sentences.of_all(answer.caveats)
    said = []
    if any(hidden.rows.values()) or any(hidden.cells.values()) or hidden.tables:
        said.append(
            "Figures about fewer than 5 customers, about single ones, and those by which such "
            "figures could be worked out are withheld from your role; their cells read “cannot "
            "tell”."
        )
    if any((answer.question, name) in LISTS for name in tables):
        said.append(_LIST_OF_ALL)
    return (*told, *said)


def _chart(chart: Chart, sentences: Sentences) -> Chart:
    title = sentences.without(chart.title, instead="")
    return replace(
        chart,
        title=title or chart.value_title or INSTEAD,
        alt=sentences.without(chart.alt, clauses=True),
        moments=tuple((day, sentences.without(what)) for day, what in chart.moments),
    )
