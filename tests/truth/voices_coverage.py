"""How often what ``voices`` says of themes is true, where the truth is known."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from scipy.special import expit
from trial import Study, Trial, at_least, at_most, covers, over
from voices_worlds import HORIZON, TOPICS, WORDS, Talk, settle, talk

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.voices.find import Found, find
from cxdash.questions.voices.theme import Spoken
from cxdash.store import Database

STUDY = Study(
    title="Voices: themes in customers' own words",
    simulated="1,200 customers over two years; three of five write a sentence every half year, "
    "about one of six things. Who wrote of delivery leaves more often and scores lower; small "
    "customers do both for reasons of their own and write of invoices more often. In the null "
    "companies nothing goes with any theme.",
    targets=(
        covers("effect."),
        at_most("null found", 0.05, "a theme is said to go with something though none does"),
        at_most("null score found", 0.05, "a theme is said to move the score though none does"),
        at_most("null company", 0.10, "any theme of such a company is said to do either"),
        at_most("segment's theme found", 0.05, "the theme that marks a segment is a finding"),
        at_least("segment's theme misleads", 0.90, "leaving it out alone seems to move the score"),
        covers("segment's theme within"),
        at_least("planted found", 0.80, "the theme that matters is found"),
        at_least("planted steady", 0.95, "its words come again"),
    ),
    few=2,
)


def trials(seed: int) -> list[Trial]:
    """One company with a theme that matters, one in which none does."""
    return [*_planted(seed), *_null(seed)]


def _found(world: Talk) -> Found:
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        settle(db, world)
        with settled(db) as view:
            found = find(view, Scope(horizon=HORIZON))
    assert found is not None
    return found


def _planted(seed: int) -> Iterator[Trial]:
    world = talk(seed)
    found = _found(world)
    by_topic = _by_topic(found)
    delivery = by_topic.get("delivery")
    yield Trial(seed, "planted steady", delivery is not None)
    effect = found.effect(delivery, "leaving") if delivery else None
    yield Trial(seed, "planted found", effect is not None and effect.is_told)
    if effect is not None:
        truth = _truth(world)
        yield Trial(seed, "effect.leaving", bool(effect.held.low <= truth <= effect.held.high))
    invoices = by_topic.get("invoices")
    if invoices is None or found.scored is None:
        return
    own = found.effect(invoices, "leaving")
    if own is not None:
        yield Trial(seed, "segment's theme found", own.is_told)
    apart = found.scored.themes[invoices.id]
    assert apart.within is not None
    yield Trial(seed, "segment's theme misleads", bool(apart.raw.high < 0))
    # The share that writes of delivery, and so scores lower, is smaller where many write of
    # invoices: the truth within a segment is not nought but what that leaves.
    truth = _within(world)
    yield Trial(
        seed, "segment's theme within", bool(apart.within.low <= truth <= apart.within.high)
    )


def _null(seed: int) -> Iterator[Trial]:
    found = _found(talk(seed + 50_000, planted=0.0))
    apart = list(found.scored.themes.values()) if found.scored else []
    for effect in found.behaviour.effects:
        yield Trial(seed, "null found", effect.is_told)
    for theme in apart:
        yield Trial(seed, "null score found", theme.is_told)
    yield Trial(seed, "null company.outcome", any(e.is_told for e in found.behaviour.effects))
    yield Trial(seed, "null company.score", any(theme.is_told for theme in apart))


def _by_topic(found: Found) -> dict[str, Spoken]:
    """The steady themes by the topic whose words lead them."""
    return {
        topic: theme
        for topic in TOPICS
        for theme in found.steady
        if set(theme.words[:3]) <= set(WORDS[topic])
    }


def _truth(world: Talk) -> float:
    """Mean change of the chance over closed windows of those who spoke, had they not."""
    closed = world.odds[world.odds["landmark"] < world.odds["landmark"].max()]
    odds = closed.loc[closed["spoke"].astype(bool), "odds"].to_numpy(np.float64)
    with_it, without = (1 - (1 - expit(o)) ** HORIZON for o in (odds, odds - world.planted))
    return float((with_it - without).mean())


def _within(world: Talk) -> float:
    """Score without invoices within segments, in points, from the scores of every answer."""
    answers = world.answers.merge(world.customers, on="customer_id")
    net = 100.0 * ((answers["nps"] >= 9).astype(float) - (answers["nps"] <= 6))
    is_invoice = answers["comment"].str.contains("|".join(WORDS["invoices"]))
    total = 0.0
    for _, own in answers.groupby("segment"):
        here = net[own.index]
        total += len(own) / len(answers) * (here.mean() - here[~is_invoice[own.index]].mean())
    return float(total)


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """How often each thing held."""
    return over(trials, seeds, workers)
