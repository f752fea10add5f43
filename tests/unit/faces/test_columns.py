"""Tables: a value and its range share a cell, headings are words, units are right."""

from datetime import date

import pytest

from cxdash.faces.columns import MOST, Column, cell, columns, heading, same_for_all
from cxdash.faces.headings import UNITS
from cxdash.facts import Answer, Chart, Fact, Interval, Method, Scope
from cxdash.facts.fact import PLAIN_UNITS

# One row of each table the contract names, as its question gives it.
CONTRACT = {
    "drivers": {
        "driver": "csat_delivery", "label": "Delivery", "change": "+1 point", "effect": -0.021,
        "low": -0.034, "high": -0.008, "raw_effect": -0.03, "raw_low": -0.05, "raw_high": -0.01,
        "rank": 1, "grade": "C", "adjusted_for": "price, tenure, segment, product and contacts",
    },
    "validation": {
        "model": "all", "auc": 0.842, "auc_low": 0.81, "auc_high": 0.87, "brier": 0.071,
        "calibration_slope": 0.97, "calibration_intercept": -0.02, "n_train": 9000,
        "n_test": 3000, "events_test": 240, "cutoff": "2025-06-30",
    },
    "risks": {"customer_id": "010001", "risk": 0.31, "revenue": 12400.0, "reasons": "a; b; c"},
    "retention": {
        "period": "2025-03-01", "grr": 0.93, "grr_low": 0.91, "grr_high": 0.95, "nrr": 1.02,
        "nrr_low": 0.99, "nrr_high": 1.05, "logo_churn": 0.05,
    },
    "metrics": {
        "metric": "nps", "variant": "nps.0-10", "verdict": "unproven", "reason": "why",
        "lead_p": 0.0004, "added_skill": 0.004, "added_low": -0.002, "added_high": 0.01,
        "money_per_move": 52000.0, "money_low": -9000.0, "money_high": 110000.0, "n": 812,
    },
    "groups": {
        "group": "SMB", "customers": 400, "revenue": 1e6, "answered": 90, "silent": 250,
        "never_asked": 60, "churn_rate": 0.11, "low": 0.08, "high": 0.14,
    },
    "parts": {"part": "left", "points": 3.2, "low": 1.1, "high": 5.0, "revenue": 90000.0},
    "readability": {
        "period": "2025-Q1", "n": 91, "score": 39.2, "low": 24.0, "high": 54.0,
        "verdict": "cannot tell",
    },
}  # fmt: skip


def answer(tables, charts=()):
    money = Fact(
        id="churn.at_stake",
        label="At stake",
        value=1.4e6,
        unit="USD",
        interval=Interval(1.1e6, 1.8e6),
        method=Method(description="Counted."),
        n=10,
        population="all",
        period="now",
        definition="revenue_at_stake",
    )
    return Answer(
        question="churn",
        title="Churn",
        as_of=date(2026, 6, 30),
        scope=Scope(),
        headline="x",
        facts=(money,),
        tables=tables,
        charts=charts,
    )


def chart(table, value, unit, **more):
    return Chart(
        id=value, title="t", kind="interval", table=table, category="label", value=value,
        unit=unit, alt="alt", **more,
    )  # fmt: skip


def printed(name, charts=()):
    """Heading to cell of the one row of a contract table."""
    made = answer({name: [CONTRACT[name]]}, charts)
    return {one.title: cell(one, CONTRACT[name]) for one in columns(made, name)}


@pytest.mark.parametrize("name", CONTRACT)
def test_no_contract_table_has_more_columns_than_one_can_follow(name):
    assert len(printed(name)) <= MOST


@pytest.mark.parametrize("name", CONTRACT)
def test_no_heading_is_a_name_made_for_machines(name):
    assert not [title for title in printed(name) if "_" in title or title[0].islower()]


def test_drivers_show_effect_and_range_in_one_cell_raw_beside_adjusted():
    cells = printed("drivers", [chart("drivers", "effect", "share", low="low", high="high")])
    assert cells["Effect, others held equal (percentage points)"] == "−2.1 (−3.4 to −0.8)"
    assert cells["Effect, as counted (percentage points)"] == "−3.0 (−5.0 to −1.0)"
    assert "csat_delivery" not in cells.values()
    assert cells["Realistic improvement"] == "+1 point"


def test_drivers_of_spend_take_the_currency_of_the_chart():
    row = {**CONTRACT["drivers"], "effect": 120.0, "low": 40.0, "high": 200.0, "raw_effect": 300.0,
           "raw_low": 200.0, "raw_high": 400.0}  # fmt: skip
    made = answer({"drivers": [row]}, [chart("drivers", "effect", "USD")])
    cells = {one.title: cell(one, row) for one in columns(made, "drivers")}
    assert cells["Effect, others held equal"] == "$120 ($40–200)"
    assert cells["Effect, as counted"] == "$300 ($200–400)"


def test_the_record_of_a_model_keeps_two_decimals_and_says_what_is_perfect():
    cells = printed("validation")
    assert cells["Ranks right (0.5 is a coin, 1 perfect)"] == "0.84 (0.81–0.87)"
    assert cells["Squared error of chances (0 is perfect)"] == "0.07"
    assert cells["Rows learned from"] == "9,000"
    assert cells["Tested on what came after"] == "30 Jun 2025"


def test_retention_is_a_share_with_its_range_and_a_month():
    cells = printed("retention")
    assert cells["Revenue kept, growth left out"] == "93.0% (91.0–95.0%)"
    assert cells["Revenue kept, growth counted"] == "102% (99–105%)"
    assert cells["Customers lost"] == "5%"
    assert cells["Period"] == "Mar 2025"


def test_a_customer_number_stays_text_and_risk_is_a_share():
    cells = printed("risks")
    assert cells["Customer"] == "010001"
    assert cells["Chance of leaving"] == "31%"
    assert cells["Revenue"] == "$12k"


def test_a_metric_on_trial_shows_money_with_its_range_and_p_in_words():
    cells = printed("metrics")
    assert cells["Rating"] == "NPS"
    assert cells["P of “it leads nothing”"] == "<0.001"
    assert cells["Money per realistic move"] == "$52k (−$9k to $110k)"


def test_a_bare_range_belongs_to_the_column_before_it():
    assert printed("groups")["Share who left"] == "11% (8–14%)"
    assert printed("parts")["Part of the change"] == "3.2 (1.1–5.0)"


def test_a_cell_is_never_an_empty_nothing():
    column = Column("rate", "share", "low", "high")
    assert cell(column, {"rate": 0.162, "low": 0.131, "high": 0.197}) == "16% (13–20%)"
    assert cell(column, {"rate": None}) == "cannot tell"
    assert cell(column, {"rate": float("nan")}) == "cannot tell"
    assert cell(Column("passed", "text"), {"passed": True}) == "yes"


def test_a_long_text_that_every_row_repeats_is_said_once():
    rows = [{**CONTRACT["drivers"], "label": name} for name in ("Delivery", "Support")]
    made = answer({"drivers": rows})
    said = same_for_all(columns(made, "drivers"), rows)
    assert [(column.name, text) for column, text in said] == [
        ("adjusted_for", "price, tenure, segment, product and contacts")
    ]
    assert same_for_all(columns(made, "drivers"), rows[:1]) == []


def test_a_table_may_give_a_unit_for_each_row():
    rows = [
        {"what": "price", "value": 0.02, "low": 0.01, "high": 0.03, "unit": "share"},
        {"what": "one account", "value": 1200.0, "low": 900.0, "high": 1500.0, "unit": "USD"},
    ]
    made = answer({"checks": rows})
    shown = columns(made, "checks")
    assert [column.name for column in shown] == ["what", "value"]
    assert [cell(shown[1], row) for row in rows] == ["2.0% (1.0–3.0%)", "$1.2k ($0.9–1.5k)"]


def test_units_of_a_company_are_not_taken_for_units_of_measure():
    rows = [{"unit": "Leeds", "n": 120, "observed": 71.0, "flagged": False}]
    assert [column.name for column in columns(answer({"units": rows}), "units")] == list(rows[0])


def test_headings_fall_back_on_the_name():
    assert heading("never_asked") == "Never asked"
    assert heading("csat_by_team") == "CSAT by team"


def test_the_limits_of_a_control_chart_have_the_unit_of_its_figures():
    row = {"period": "2026-03", "score": 0.81, "centre": 0.7, "limit_low": 0.6, "limit_high": 0.8}
    levels = {"centre": "centre", "limit_low": "limit_low", "limit_high": "limit_high"}
    made = answer({"control": [row]}, [chart("control", "score", "share", **levels)])
    assert [cell(one, row) for one in columns(made, "control")][1:] == ["81%", "70%", "60%", "80%"]


def test_a_part_is_named_by_its_label():
    rows = [{"part": "left", "label": "Customers who left", "points": 3.2}]
    assert [one.name for one in columns(answer({"parts": rows}), "parts")] == ["label", "points"]


def test_no_money_is_printed_without_cents():
    assert cell(Column("revenue", "USD"), {"revenue": 0.0}) == "$0"
    assert cell(Column("cost", "USD"), {"cost": 7.94}) == "$7.94"


def test_every_unit_that_a_name_tells_is_one():
    assert set(UNITS.values()) <= PLAIN_UNITS | {"p", "money"}


def test_a_share_of_leavers_is_never_printed_as_if_it_were_points():
    """One row of importance has no chart to tell its unit: 0.02 is 2 percentage points."""
    rows = [{"item": "nps", "label": "NPS", "importance": 0.024, "importance_low": 0.019,
             "importance_high": 0.029}]  # fmt: skip
    made = answer({"importance": rows})
    shown = {column.title: cell(column, rows[0]) for column in columns(made, "importance")}
    assert shown["Leavers fewer per step (percentage points)"] == "2.4 (1.9–2.9)"
