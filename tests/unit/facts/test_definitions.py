"""The catalogue is whole, and our own code reproduces every golden number in it."""

import json

import pytest

from cxdash import stats
from cxdash.errors import UsageError
from cxdash.facts import (
    VariantsDifferError,
    comparable,
    definition,
    definitions,
    ensure_comparable,
    score_variants,
)
from cxdash.facts.definitions import Definition, Golden
from cxdash.facts.fact import PLAIN_UNITS

ALL = list(definitions().values())
GOLDENS = [
    pytest.param(golden, id=f"{entry.variant}-{number}")
    for entry in ALL
    for number, golden in enumerate(entry.golden)
]
# Exact counts and sums, and figures whose reference needs a data set (tested in tests/unit/stats).
WITHOUT_GOLDEN = {
    "pilot_leaving",
    "pilot_paid",
    "pilot_contacts",
    "pilot_rating",
    "pilot_value",
    "books_match",
    "books_difference",
    "unmatched_revenue",
    "orphan_answers",
    "orphan_money",
    "line_movement",
    "delivered",
    "programme_cost",
    "comments",
    "tone_right",
    "theme_within",
    "theme_leaving",
    "theme_money",
    "planned_initiatives",
    "adoption",
    "exposure_change",
    "gross_saving",
    "moved_cost",
    "lost_margin",
    "net_saving",
    "initiative_value",
    "top_chance",
    "worth_of_pilot",
    "plan_column",
    "plan_pays",
    "break_even",
    "waiting_month",
    "promise_kept",
    "next_point",
    "stop_point",
    "programmes_that_paid",
    "findings",
    "customers",
    "answers",
    "revenue",
    "revenue_ahead",
    "contacts_per_customer",
    "relative_weight",
    "driver_effect",
    "calibration_slope",
    "skill_added",
    "leavers_expected",
    "leavers_lacking",
    "representativeness",
    "specifications",
    "spend_after",
    "spend_gap",
    "clv.buying",
    "score_change_part",
    "revenue_of_leavers",
    "money_per_move",
    "metrics_working",
    "metrics_own_signal",
    "sentiment.taught",
    "units_told",
    "headcount",
    "employee_leavers",
    "turnover_cost",
    "team_before",
    "team_after",
    "stage_score",
    "stage_contacts",
    "stage_cost",
    "stage_stake",
    "stage_left",
    "stage_unseen",
}


@pytest.mark.parametrize("golden", GOLDENS)
def test_a_golden_number_is_reproduced(golden: Golden) -> None:
    result = getattr(stats, golden.function)(**golden.inputs)
    found = getattr(result, golden.part) if golden.part else result
    assert found == pytest.approx(golden.expected, abs=golden.tolerance)
    assert golden.source


def test_only_exact_counts_have_no_golden_number() -> None:
    assert {entry.variant for entry in ALL if not entry.golden} == WITHOUT_GOLDEN


@pytest.mark.parametrize(
    "metric",
    [
        "nps",
        "csat",
        "ces",
        "fcr",
        "grr",
        "nrr",
        "logo_churn",
        "earned_growth",
        "clv",
        "cost_per_contact",
        "cost_to_serve",
        "revenue_at_risk",
        "roi",
        "npv",
        "payback",
        "retention_rate",
        "churn_rate",
        "revenue_at_stake",
        "coverage",
        "response_rate",
        "complaints_per_1000",
        "revenue_kept",
    ],
)
def test_every_standard_metric_is_defined(metric: str) -> None:
    assert any(entry.id == metric for entry in ALL)


def test_rival_formulas_are_separate_entries() -> None:
    variants = {metric: [e.variant for e in ALL if e.id == metric] for metric in ("ces", "clv")}
    assert variants["ces"] == ["ces.1-7.agree", "ces.1-5.agree", "ces.1-7.mean", "ces.1-7.net"]
    assert variants["clv"] == ["clv.end", "clv.now", "clv.buying"]


def test_the_variants_a_survey_item_can_have_are_a_contract() -> None:
    assert set(score_variants()) == {
        "nps.0-10",
        "csat.1-4.top2",
        "csat.1-5.top2",
        "csat.1-7.top3",
        "csat.1-10.mean",
        "ces.1-7.agree",
        "ces.1-5.agree",
        "fcr.survey",
        "rating.0-10",
        "rating.1-5",
        "rating.1-7",
        "rating.1-10",
    }


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.variant)
def test_an_entry_says_everything_in_plain_sentences(entry: Definition) -> None:
    assert entry.unit in PLAIN_UNITS | {"money"}
    assert entry.better in ("higher", "lower", "neither")
    assert entry.variant == entry.id or entry.variant.startswith(entry.id + ".")
    for sentence in (entry.plain, entry.trap, entry.source):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    assert entry.name
    assert entry.formula


@pytest.mark.parametrize("variant", score_variants())
def test_every_whole_answer_on_the_scale_falls_in_exactly_one_band(variant: str) -> None:
    entry = definition(variant)
    assert entry.scale_low is not None
    assert entry.scale_high is not None
    for answer in range(int(entry.scale_low), int(entry.scale_high) + 1):
        assert sum(band.holds(answer) for band in entry.bands) == 1
    assert entry.band_of(entry.scale_low - 1) is None
    assert entry.band_of(entry.scale_high + 1) is None
    assert entry.bands[0].low == entry.scale_low
    assert entry.bands[-1].high == entry.scale_high


@pytest.mark.parametrize(
    ("answer", "name"), [(0, "detractor"), (6, "detractor"), (7, "passive"), (9, "promoter")]
)
def test_nps_bands_are_those_of_the_trade(answer: int, name: str) -> None:
    band = definition("nps.0-10").band_of(answer)
    assert band is not None
    assert band.name == name


def test_two_variants_are_never_comparable() -> None:
    assert comparable("nps.0-10", "nps.0-10")
    assert not comparable("csat.1-5.top2", "csat.1-7.top3")
    ensure_comparable("nps.0-10", "nps.0-10")
    with pytest.raises(VariantsDifferError, match="cannot be compared or merged"):
        ensure_comparable("ces.1-7.agree", "ces.1-7.mean")


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.variant)
def test_an_entry_can_be_written_as_json(entry: Definition) -> None:
    written = json.loads(json.dumps(entry.to_json(), allow_nan=False))
    assert written["variant"] == entry.variant
    assert len(written["bands"]) == len(entry.bands)


def test_an_unknown_variant_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"Did you mean nps\.0-10"):
        definition("nps")
