"""Units to look at, from signs that are weak alone."""

from dataclasses import replace

import numpy as np
import pytest
from gaming_worlds import company

from cxdash.stats.gaming import watch
from cxdash.stats.unit_signals import SIGNS, signs, tally


def seen(world, **more):
    return watch(world.answers, rng=np.random.default_rng(0), **more)


@pytest.fixture(scope="module")
def begging():
    return company(np.random.default_rng(11))


def test_most_begging_units_are_found_and_hardly_an_honest_one(begging):
    found = seen(begging)
    assert found.look[begging.to_be_found].mean() >= 0.7
    assert (found.look & ~begging.begs).sum() <= 1


def test_the_same_answers_give_the_same_units(begging):
    assert (seen(begging).look == seen(begging).look).all()


def test_all_signs_are_seen_when_everything_is_known(begging):
    assert seen(begging).seen == SIGNS


def test_missing_sources_leave_signs_out_and_no_unit_is_lost(begging):
    blank = np.full(begging.answers.unit.size, np.nan)
    bare = replace(begging.answers, tone=blank, asked=blank, outcome=blank, wait_hours=blank)
    found = watch(bare, rng=np.random.default_rng(0))
    assert found.seen == ("level", "bunching", "break")
    assert not np.isnan(found.p_value).any()


def test_a_unit_that_is_merely_excellent_is_not_named():
    """Its customers are happier, so nothing but the level is unusual."""
    named = 0
    for seed in range(10):
        world = company(np.random.default_rng([seed, 5]), begging=0, skill=0.15)
        answers = world.answers
        rng = np.random.default_rng(seed)
        happier = (answers.unit == 0) & (rng.random(answers.unit.size) < 0.6)
        lift = np.minimum(answers.step + rng.integers(1, 4, answers.unit.size), 9)
        excellent = replace(
            answers,
            step=np.where(happier, lift, answers.step),
            outcome=np.where(
                happier, answers.outcome * (rng.random(happier.size) < 0.4), answers.outcome
            ),
            tone=np.where(happier, answers.tone + 0.6, answers.tone),
        )
        named += int(watch(excellent, rng=rng).look[0])
    assert named <= 1


def test_units_with_few_answers_are_not_judged(begging):
    answers = begging.answers
    keep = (answers.unit != 0) | (np.cumsum(answers.unit == 0) <= 29)
    few = replace(
        answers,
        **{
            name: getattr(answers, name)[keep]
            for name in ("unit", "step", "day", "outcome", "tone", "asked", "wait_hours")
        },
    )
    found = watch(few, rng=np.random.default_rng(0))
    assert not found.judged[0]
    assert not found.look[0]
    assert np.isnan(found.p_value[0])


def test_with_a_handful_of_units_only_what_customers_write_can_be_told():
    world = company(np.random.default_rng(3), units=5, begging=1, push=(0.8, 0.8), starts_late=0)
    found = seen(world)
    assert found.seen == ("asked",)
    assert found.look[0]
    assert found.pointing(0) == ("asked",)
    assert not found.look[1:].any()


def test_a_break_at_the_day_pay_was_tied_is_sharper_than_one_searched_for():
    world = company(np.random.default_rng(7), begging=3, push=(0.6, 0.7), starts_late=1.0)
    day = int(30 * world.since[0])
    searched = signs(world.answers, rng=np.random.default_rng(0))["break"][0]
    named = signs(world.answers, days=[(day, None)], rng=np.random.default_rng(0))["break"][0]
    alone = signs(world.answers, days=[(day, 0)], rng=np.random.default_rng(0))["break"]
    other = signs(world.answers, rng=np.random.default_rng(0))["break"]
    assert named > searched > 1.5
    assert alone[0] == named
    assert (alone[1:] == other[1:]).all()


def test_steps_that_nobody_chose_are_no_steps(begging):
    gap = replace(
        begging.answers, step=np.where(begging.answers.step == 3, 4, begging.answers.step)
    )
    assert tally(gap).shape == (60, tally(begging.answers).shape[1] - 1)


def test_answers_that_all_agree_name_nobody(begging):
    same = replace(begging.answers, step=np.zeros_like(begging.answers.step))
    assert not watch(same, rng=np.random.default_rng(0)).look.any()
