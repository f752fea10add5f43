"""What worth says of a model by its record on later windows, and how that moves its grades."""

from dataclasses import replace

import pytest
from filled import fill

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.setting import prepare
from cxdash.questions.validation import NO_RANKING
from cxdash.questions.worth.answer import compose
from cxdash.questions.worth.findings import find
from cxdash.questions.worth.leaving import ALL
from cxdash.stats.estimate import Estimate


@pytest.fixture
def found(company):
    fill(company)
    with settled(company.db) as view:
        return find(view, prepare(view, Scope()))


def _with(found, *, auc=(0.6, 0.7, 0.8), slope=(0.7, 1.0, 1.3)):
    """The same findings under another record on later windows."""
    area = Estimate(estimate=auc[1], low=auc[0], high=auc[2], n=500, level=0.9)
    checks = tuple(
        replace(
            entry,
            auc=area,
            calibration=replace(
                entry.calibration, slope=slope[1], slope_low=slope[0], slope_high=slope[2]
            ),
        )
        for entry in found.backtest.checks
    )
    test = replace(found.backtest, checks=checks)
    return replace(found, model=replace(found.model, backtest=test))


def _grades(answer):
    ids = ("worth.gap_adjusted", "worth.excess", "worth.at_stake.detractor")
    return {answer.fact(name).grade.name for name in ids}


@pytest.mark.parametrize("auc", [(0.25, 0.35, 0.45), (0.45, 0.55, 0.65), (0.40, 0.48, 0.56)])
def test_a_model_that_does_not_rank_leavers_first_confirms_nothing_of_who_leaves(found, auc):
    answer = compose(_with(found, auc=auc))
    assert _grades(answer) == {"D"}
    assert any(line.startswith(NO_RANKING) for line in answer.caveats)


def test_a_model_that_ranks_the_wrong_way_round_confirms_no_total(found):
    assert compose(_with(found, auc=(0.25, 0.35, 0.45))).fact("worth.at_stake").grade.name == "D"


def test_chances_that_lie_too_far_apart_are_said_and_graded(found):
    bold = compose(_with(found, slope=(0.4, 0.55, 0.7)))
    said = [line for line in bold.caveats if "its high chances were too high" in line]
    assert len(said) == 1
    assert "0.55 times" in said[0]
    assert bold.fact("worth.excess").grade.name == "D"
    assert bold.fact("worth.at_stake.detractor").grade.name == "D"
    timid = compose(_with(found, slope=(1.2, 1.5, 1.8)))
    assert any("its high chances were too low" in line for line in timid.caveats)
    right = compose(_with(found))
    assert not any("its high chances were" in line for line in right.caveats)


def test_a_gap_that_showed_again_is_graded_c_under_a_model_that_ranks(found):
    assert _with(found).gap_confirmed == found.backtest.confirms_gap(found.model.gap)
    assert _with(found).gap_confirmed
    assert compose(_with(found)).fact("worth.gap_adjusted").grade.name == "C"


def test_a_gap_that_may_be_nothing_is_not_said_to_have_shown_again(company):
    fill(company, gap=0.0, seed=4)
    with settled(company.db) as view:
        answer = compose(find(view, prepare(view, Scope())))
    assert "Cannot tell" in answer.headline
    assert not any("showed again" in line for line in answer.caveats)
    assert answer.fact("worth.gap_adjusted").grade.name == "D"


def test_that_answers_do_not_change_the_total_is_said_where_they_do_not(found):
    model = found.model
    same = replace(found, model=replace(model, without_answers=model.stakes[ALL]))
    assert any("do not change this total" in line for line in compose(same).caveats)
    half = replace(model.stakes[ALL], estimate=model.stakes[ALL].estimate / 2)
    other = compose(replace(found, model=replace(model, without_answers=half)))
    assert not any("do not change this total" in line for line in other.caveats)


def test_the_gap_counts_windows_with_an_answer(found):
    answer = compose(found)
    assert answer.fact("worth.gap_adjusted").n == sum(band.n for band in found.bands)
    assert "missing as cash" in answer.headline


def test_a_band_whose_leavers_lay_outside_their_range_is_named(found):
    test = found.backtest
    group = next(one for one in test.expected if one[0] == "band")
    stake = test.expected[group]

    def told(leavers):
        other = replace(test, leavers=dict(test.leavers) | {group: leavers})
        answer = compose(replace(found, model=replace(found.model, backtest=other)))
        label = next(band.label for band in found.bands if band.name == group[1])
        return [line for line in answer.caveats if "Outside its range" in line and label in line]

    (said,) = told(round(stake.leavers_high) + 1)
    assert f"{round(stake.leavers_high) + 1} left" in said
    assert not told(round(stake.leavers))
