"""Which good news rests on answers that should be looked at first: paid for, or not fitting.

A rise of a score to which pay is tied, or of which some units' answers do not fit with the rest, is
held back with its reason. This is the cheap part of the trial: the register of events and the
comparison of units, without the tone of comments.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd

from cxdash.facts import format as fmt
from cxdash.panel import Item, items
from cxdash.panel.registers import Event, events
from cxdash.panel.units import unit_answers, unit_people
from cxdash.questions.brief.news import News
from cxdash.questions.trial.stage import Metric
from cxdash.questions.trial.units import watched
from cxdash.store import Reader

__all__ = ["doubted"]


def doubted(view: Reader, heard: News, *, as_of: date) -> News:
    """The same news; candidates that would pass but rest on answers to check say why."""
    names = {c.item for c in (*heard.good, *heard.liked) if c.item}
    if not names:
        return heard
    said = dict(_doubts(view, [item for item in items(view) if item.name in names], as_of))
    return News(
        tuple(
            replace(c, doubt=said.get((c.item or "", c.definition), "")) for c in heard.candidates
        )
    )


def _doubts(view: Reader, asked: list[Item], as_of: date) -> Iterator[tuple[tuple[str, str], str]]:
    """Name and variant of an item, and why its answers should be looked at first."""
    answers, people = unit_answers(view, as_of), unit_people(view)
    for item in asked:
        paid = [
            event
            for event in events(view, metric=item.name)
            if event.kind == "incentive" and event.metric is not None and event.day <= as_of
        ]
        rows = answers[(answers["item"] == item.name) & (answers["variant"] == item.variant)]
        why = _paid_for(paid) or _to_check(item, rows, people, paid)
        if why:
            yield (item.name, item.variant), why


def _paid_for(paid: list[Event]) -> str:
    return f"pay is tied to it since {fmt.day(paid[0].day)}" if paid else ""


def _to_check(item: Item, rows: pd.DataFrame, people: dict[str, int], paid: list[Event]) -> str:
    if rows.empty:
        return ""
    metric = Metric(0, item, item.name, fmt.spoken(item.name), "survey")
    found = watched(metric, rows, people, pd.Series(dtype=float), paid)
    if found is None or not found.to_look_at:
        return ""
    count = len(found.to_look_at)
    units = fmt.counted(len(found.units), "unit's", "units'")
    return f"{fmt.count(count)} of {units} answers should be checked"
