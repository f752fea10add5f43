"""Every number that carries a range says how it was made, whatever the question."""

import pytest

from cxdash import demo
from cxdash.demo import story
from cxdash.facts import Scope
from cxdash.questions import QUESTIONS, ask
from cxdash.store import Database


@pytest.fixture(scope="module")
def demo_db(tmp_path_factory):
    with Database(tmp_path_factory.mktemp("cards") / "demo.duckdb") as db:
        demo.fill(db, demo.simulate(seed=4))
        story.enter(db)
        yield db


# What finance's totals are compared with is counted: there is no range, and no estimator.
RANGED = sorted(set(QUESTIONS) - {"reconcile"})


@pytest.mark.parametrize("question", RANGED)
def test_a_number_with_a_range_has_model_formula_sample_window_and_code(demo_db, question):
    answer = ask(demo_db, question, Scope())
    assert answer.status != "cannot_tell"
    ranged = [fact for fact in answer.facts if fact.value is not None and fact.interval is not None]
    assert ranged
    for fact in ranged:
        card = fact.card
        for part in ("model", "formula", "sample", "window", "code"):
            assert getattr(card, part), f"{fact.id} has no {part} on its card"
        assert card.code.startswith("cxdash.")


@pytest.mark.parametrize("question", RANGED)
def test_the_code_a_card_names_exists(demo_db, question):
    from importlib import import_module  # noqa: PLC0415 - only this test looks code up

    coded = [fact for fact in ask(demo_db, question, Scope()).facts if fact.card.code]
    assert coded
    for fact in coded:
        module, _, name = fact.card.code.rpartition(".")
        assert hasattr(import_module(module), name), f"{fact.id}: {fact.card.code}"
