"""What ``revenue`` says: what was kept, what goes with spend within customers, never a lever too
many.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from cxdash.facts import Scope
from cxdash.facts.wording import cause_words, direction_words
from cxdash.panel import settled
from cxdash.questions import ask
from cxdash.questions.revenue import frame as revenue_frame
from cxdash.questions.revenue.ahead import apart_and_together
from cxdash.questions.revenue.find import find
from cxdash.questions.revenue.links import Account
from cxdash.questions.revenue.stage import stage

STARTS = [date(2023 + k // 2, 1 + 6 * (k % 2), 1) for k in range(5)]
LAST = date(2025, 6, 30)
SIX = Scope(horizon=6)


def terms(company, *, customers=150, point=0.08, seed=1, leaves=0.06, contacts=False, plans=False):
    """Contracts of half a year each: a better answer goes with ``point`` more spend after it.

    Who is larger scores higher, so different customers compared say more than that.
    """
    rng = np.random.default_rng(seed)
    for number in range(customers):
        name = f"c{number:04}"
        size = rng.standard_normal()
        company.add(
            "customers",
            customer_id=name,
            segment=f"S{number % 2}",
            acquired_by="earned" if number % 3 else "bought",
            row_key=name,
        )
        for k, start in enumerate(STARTS):
            score = float(np.clip(round(6 + 1.3 * size + 1.5 * rng.standard_normal()), 0, 10))
            company.answers(name, str(start - timedelta(days=int(rng.integers(2, 20)))), score)
            other = float(np.clip(round(3 + 0.8 * rng.standard_normal()), 1, 5))
            day = str(start - timedelta(days=int(rng.integers(2, 20))))
            company.answers(name, day, other, item="fit", variant="rating.1-5", scale=(1, 5))
            amount = round(
                float(np.exp(5 + 0.6 * size + point * score + 0.05 * rng.standard_normal())), 2
            )
            gone = rng.random() < leaves
            end = STARTS[k + 1] if k + 1 < len(STARTS) else None
            if gone:
                end = start + timedelta(days=int(rng.integers(40, 150)))
            company.add(
                "subscriptions",
                subscription_id=f"{name}-{k}",
                customer_id=name,
                started_on=str(start if k else start - timedelta(days=300)),
                ended_on=str(end) if end else None,
                cancelled_on=str(end) if gone else None,
                monthly_amount=amount,
                currency="USD",
                plan=("Plus" if plans and number % 5 == 0 and k > 2 else "Basic"),
            )
            if contacts and rng.random() < 0.7:
                company.add(
                    "contacts",
                    contact_id=f"{name}-{k}",
                    customer_id=name,
                    contacted_at=f"{start - timedelta(days=30)} 09:00",
                    cost=12,
                    currency="USD",
                )
            if gone:
                break
    company.pays("c0001", str(STARTS[0] - timedelta(days=40)), 1)
    company.pays("c0001", str(LAST), 1)


def ask_it(company, **scope):
    return ask(company.db, "revenue", Scope(**{"horizon": 6} | scope))


@pytest.fixture(scope="module")
def planted(another_company):
    company = another_company()
    terms(company, contacts=True, seed=2)
    return ask_it(company)


@pytest.fixture(scope="module")
def planted_drivers(another_company):
    company = another_company()
    terms(company, seed=2)
    with settled(company.db) as view:
        return find(view, stage(view, SIX)).drivers


def test_a_planted_link_is_found_within_customers_and_said_with_its_range(planted):
    assert planted.status == "answered"
    assert "Net revenue retention over 6 months is" in planted.headline
    assert "Compared with themselves, customers paid $" in planted.headline
    assert "more a month after their answer to NPS was" in planted.headline
    assert not cause_words(planted.headline)
    driver = planted.fact("revenue.driver.nps")
    assert driver.interval.low > 0
    assert driver.grade.name == "C"
    assert any("a year (range" in line for line in driver.caveats)


def test_levels_and_changes_stand_side_by_side_and_levels_are_no_lever(planted):
    rows = [row for row in planted.tables["drivers"] if row["driver"] == "nps"]
    change, level = rows
    assert (change["kind"], level["kind"]) == ("change", "level")
    assert level["raw_effect"] > 2 * change["effect"]
    assert (change["lever"], level["lever"]) == (True, False)
    assert (change["grade"], level["grade"]) == ("C", "D")
    # The gap between the bands is far more than the same customers show over time.
    assert planted.fact("revenue.premium_adjusted").grade.name == "D"
    assert change["adjusted_for"] == "customer, period, tenure, contacts"
    assert level["adjusted_for"].startswith("tenure, segment")
    test = next(row for row in planted.tables["tests"] if row["driver"] == "nps")
    assert test["verdict"] == "confirmed later"
    assert test["money_first_p"] >= 0.05
    assert test["shown_later"] == "yes"
    assert test["account"] == "none"
    assert test["would_go"] == "more than half of all"
    assert test["year_low"] < test["year"] < test["year_high"]
    assert test["usual"] == "the usual change between two answers of a customer"


def test_every_driver_has_the_columns_of_the_contract(planted):
    want = {
        "driver", "label", "change", "effect", "low", "high", "raw_effect", "raw_low", "raw_high",
        "rank", "grade", "adjusted_for", "kind",
    }  # fmt: skip
    assert all(want <= set(row) for row in planted.tables["drivers"])
    names = {row["driver"] for row in planted.tables["drivers"]}
    assert names == {"nps", "fit", "contacts"}
    ranks = [row["rank"] for row in planted.tables["drivers"] if row["kind"] == "change"]
    assert ranks == [1, 2, 3]


def test_an_item_that_goes_with_nothing_is_not_named(planted):
    row = next(
        r for r in planted.tables["drivers"] if (r["driver"], r["kind"]) == ("fit", "change")
    )
    assert not row["lever"]
    test = next(r for r in planted.tables["tests"] if r["driver"] == "fit")
    assert test["verdict"] == "not told from noise"
    assert row["grade"] == "D"
    assert (test["year"], test["year_low"], test["year_high"]) == (None, None, None)
    assert not any(" a year (range" in line for line in planted.fact("revenue.driver.fit").caveats)
    assert any("not added up" in line for line in planted.fact("revenue.driver.fit").caveats)
    assert "fit" not in planted.headline


def test_retention_has_a_range_for_every_period(planted):
    rows = planted.tables["retention"]
    assert len(rows) > 2
    assert [row["period"] for row in rows][-1] == "2025-06-30"
    for row in rows:
        for name in ("grr", "nrr", "logo_churn", "earned_growth"):
            assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"]
        assert row["grr"] <= min(1.0, row["nrr"]) + 1e-9


def test_movements_tie(planted):
    assert len(planted.tables["movements"]) > 2
    for row in planted.tables["movements"]:
        parts = ("start", "expansion", "contraction", "churned", "new", "returned")
        total = sum(row[f"revenue_{name}"] for name in parts)
        assert total == pytest.approx(row["revenue_end"], abs=0.05)
    bridge = planted.tables["bridge"]
    steps = sum(row["revenue"] for row in bridge if row["part"] == "step")
    assert bridge[0]["revenue"] + steps == pytest.approx(bridge[-1]["revenue"], abs=0.05)


def test_cost_and_value_have_ranges_and_name_their_assumptions(planted):
    cost, value = planted.fact("revenue.cost_to_serve"), planted.fact("revenue.clv")
    assert cost.interval.low < cost.value < cost.interval.high
    assert value.interval.low < value.value < value.interval.high
    assert any("not margin" in line for line in value.caveats)
    assert "contact handling only" in cost.label
    assert value.label == "Discounted revenue of a customer"
    assert {row["label"] for row in planted.tables["cost"]} >= {"All customers", "S0", "S1"}
    assert [row["segment"] for row in planted.tables["clv"]] == ["All customers", "S0", "S1"]


def test_the_revenue_ahead_of_all_is_that_of_its_segments_weighted_by_customers(planted):
    whole, *parts = planted.tables["clv"]
    assert sum(row["customers"] for row in parts) == whole["customers"]
    weighed = sum(row["customers"] * row["revenue_ahead"] for row in parts)
    assert whole["revenue_ahead"] == pytest.approx(weighed / whole["customers"], abs=0.01)


def test_segments_that_say_too_little_are_looked_at_together():
    own = np.array(["big"] * 50 + ["mid"] * 20 + ["a"] * 4 + ["b"] * 3 + [""] * 2, dtype=object)
    sizes = {"big": 50, "mid": 20, "a": 4, "b": 3, "": 2}

    def of_at_least(low):
        return lambda names: sum(sizes[name] for name in names) >= low

    assert apart_and_together(own, of_at_least(9)) == [["big"], ["mid"], ["", "a", "b"]]
    assert apart_and_together(own, of_at_least(15)) == [["big"], ["", "a", "b", "mid"]]
    assert apart_and_together(own, of_at_least(1)) == [["a"], ["b"], ["big"], ["mid"], [""]]
    assert apart_and_together(own, of_at_least(99)) == [["", "a", "b", "big", "mid"]]


def test_a_year_of_retention_stands_beside_a_shorter_period(planted):
    year, half = planted.fact("revenue.nrr_year"), planted.fact("revenue.nrr")
    assert year.period == "2024-06-30 to 2025-06-30"
    assert half.period == "2024-12-31 to 2025-06-30"
    assert year.interval.low < year.value < year.interval.high
    said = planted.headline
    assert said.index("retention over 6 months is") < said.index("retention over 12 months is")


def test_a_year_that_the_data_do_not_reach_is_not_told_and_a_year_asked_for_is_said_once(company):
    terms(company, customers=60)
    early = ask_it(company, as_of=date(2023, 8, 31))
    year = early.fact("revenue.nrr_year")
    assert year.value is None
    assert "not loaded for the whole of the twelve months" in year.caveats[0]
    assert "12 months" not in early.headline
    asked = ask_it(company, horizon=12)
    assert asked.headline.count("Net revenue retention") == 1
    labels = [fact.label for fact in asked.facts]
    assert labels.count("Net revenue retention over 12 months") == 1


def test_what_is_counted_says_what_its_range_is_of(planted):
    for name in ("nrr", "nrr_year", "grr", "earned_growth", "logo_churn"):
        fact = planted.fact(f"revenue.{name}")
        assert any("if other customers of this kind had been ours" in c for c in fact.caveats)


def test_customers_lost_says_how_it_differs_from_the_share_that_left(planted):
    lost = planted.fact("revenue.logo_churn")
    assert "under notice" in lost.label
    assert any("newest period alone" in line and "churn" in line for line in lost.caveats)


def test_items_are_named_as_on_the_other_pages(planted):
    rows = [*planted.tables["drivers"], *planted.tables["tests"]]
    assert {row["label"] for row in rows} == {"NPS", "Fit", "1 contact fewer in 3 months"}
    explained = {row["label"] for row in planted.tables["explained"]}
    assert explained == {"NPS", "Fit"}


def test_a_change_that_does_not_stand_out_among_all_is_never_graded_or_summed(planted_drivers):
    driver = planted_drivers.of("nps")
    assert driver.change_validated
    assert not replace(driver, stands_out=False).change_validated
    carried = Account("c", 0.1, 1.0, 0.5, 1.5, paid=0.9, dominates=True)
    alone = replace(driver, change=replace(driver.change, account=carried))
    assert not alone.change_validated
    assert not alone.is_lever


def test_cost_to_serve_by_answer_is_the_same_as_where_bands_are_compared(company):
    terms(company, contacts=True, customers=80, leaves=0.15)
    ours = [row for row in ask_it(company).tables["cost"] if row["by"] == "By answer"]
    theirs = {row["label"]: row for row in ask(company.db, "worth", SIX).tables["cost"]}
    assert len(ours) > 1
    for row in ours:
        other = theirs[row["label"]]
        assert row["n"] == other["n"]
        for name in ("cost_a_month", "low", "high"):
            assert row[name] == pytest.approx(other[name], rel=1e-9)


def test_other_models_and_shares_stand_beside_the_money(planted):
    models = [row["model"] for row in planted.tables["models"] if row["driver"] == "nps"]
    assert models[:2] == ["Poisson within customers", "straight line within customers"]
    assert "median customer" in models
    shares = {row["driver"]: row for row in planted.tables["explained"]}
    assert shares["nps"]["beyond_chance"]
    assert not shares["fit"]["beyond_chance"]


def test_every_fact_of_a_model_has_a_card_that_tells_how(planted):
    modelled = [
        fact
        for fact in planted.facts
        if fact.value is not None and fact.id.startswith(("revenue.driver", "revenue.premium_a"))
    ]
    assert len(modelled) > 2
    for fact in modelled:
        card = fact.card
        assert card.code.startswith("cxdash.")
        assert card.assumptions
        assert card.validation
        assert card.sensitivity


def test_charts_draw_what_the_tables_hold(planted):
    kinds = {chart.id: chart.kind for chart in planted.charts}
    assert kinds == {
        "drivers": "interval",
        "retention": "line",
        "movements": "bridge",
        "cost": "interval",
        "value": "interval",
    }
    assert planted.charts
    for chart in planted.charts:
        assert chart.alt.startswith(chart.title.rstrip("."))


def test_where_nothing_stands_out_no_direction_is_claimed(company):
    terms(company, point=0.0, customers=80)
    answer = ask_it(company)
    assert "none of 2 things compared stands out from the noise" in answer.headline
    assert not direction_words(answer.headline)
    assert not [row for row in answer.tables.get("accounts", ()) if row["unit"] == "USD"]


def test_one_huge_account_makes_no_finding_and_is_named(company):
    terms(company, point=0.0, customers=60, leaves=0.0)
    for k, (start, score) in enumerate(zip(STARTS, (6, 0, 8, 3, 10), strict=True)):
        end = STARTS[k + 1] if k + 1 < len(STARTS) else None
        company.add(
            "subscriptions",
            subscription_id=f"huge-{k}",
            customer_id="Gained more Ltd",
            started_on=str(start if k else start - timedelta(days=300)),
            ended_on=str(end) if end else None,
            monthly_amount=30_000 * (1 + score),
            currency="USD",
        )
        company.answers("Gained more Ltd", str(start - timedelta(days=5)), score)
    answer = ask_it(company)
    carried = [r for r in answer.tables["accounts"] if r["finding"].startswith("Spend after")]
    assert {row["customer_id"] for row in carried} == {"Gained more Ltd"}
    assert "none of 2 things compared stands out" in answer.headline
    row = next(r for r in answer.tables["drivers"] if (r["driver"], r["kind"]) == ("nps", "change"))
    assert row["effect"] > 0
    assert not row["lever"]
    test = next(r for r in answer.tables["tests"] if r["driver"] == "nps")
    assert (test["verdict"], test["account"]) == ("one account carries it", "Gained more Ltd")
    assert row["grade"] == "D"
    assert any("about account “Gained more Ltd” alone" in line for line in answer.caveats)
    said = "Most of the doubt is about account “Gained more Ltd” alone."
    assert said in answer.fact("revenue.driver.nps").caveats
    largest = next(r for r in answer.tables["accounts"] if r["finding"].startswith("Net revenue"))
    assert largest["customer_id"] == "Gained more Ltd"


def test_small_rises_at_unchanged_contracts_are_named_and_not_taken_out(company):
    terms(company, plans=True, customers=80)
    answer = ask_it(company)
    line = next(line for line in answer.caveats if "Price rises written into contracts" in line)
    assert "they are counted" in line
    moved = answer.tables["movements"]
    assert any(row["revenue_added"] > 0 for row in moved)
    assert all(row["revenue_small_rises"] <= row["revenue_expansion"] for row in moved)


def test_a_filter_narrows_everything(company):
    terms(company, customers=120)
    whole, part = ask_it(company), ask_it(company, where=(("segment", "S1"),))
    assert part.fact("revenue.nrr").n < whole.fact("revenue.nrr").n
    assert "segment S1" in part.fact("revenue.nrr").population


def test_the_cost_of_serving_comes_first_when_asked_for(company):
    terms(company, contacts=True, customers=60)
    assert ask_it(company, outcome="cost").charts[0].id == "cost"


def test_a_large_company_is_looked_at_in_a_sample_and_the_card_says_so(company, monkeypatch):
    monkeypatch.setattr(revenue_frame, "MOST_ROWS", 200)
    terms(company, customers=100, seed=2)
    answer = ask_it(company)
    driver = answer.fact("revenue.driver.nps")
    assert 30 <= driver.n < 70
    said = next(line for line in driver.card.exclusions if "are looked at" in line)
    assert "wider than all of them would" in said
    assert answer.fact("revenue.nrr").n > 70  # what was kept is counted over everybody


def test_a_link_that_does_not_show_again_is_no_lever_and_no_headline(company):
    """A better answer goes with more spend for three half years, then with less for two."""
    rng = np.random.default_rng(6)
    for number in range(120):
        name = f"c{number:04}"
        for k, start in enumerate(STARTS):
            score = float(rng.integers(2, 11))
            company.answers(name, str(start - timedelta(days=5)), score)
            end = STARTS[k + 1] if k + 1 < len(STARTS) else None
            point = 0.12 if k < 3 else -0.02
            company.add(
                "subscriptions",
                subscription_id=f"{name}-{k}",
                customer_id=name,
                started_on=str(start if k else start - timedelta(days=300)),
                ended_on=str(end) if end else None,
                monthly_amount=round(100 * float(np.exp(point * score)), 2),
                currency="USD",
            )
    company.pays("c0001", str(STARTS[0] - timedelta(days=40)), 1)
    company.pays("c0001", str(LAST), 1)
    answer = ask_it(company)
    row = next(r for r in answer.tables["drivers"] if r["kind"] == "change")
    assert row["low"] > 0
    assert not row["lever"]
    assert row["grade"] == "D"
    assert answer.tables["tests"][0]["verdict"] == "not confirmed yet"
    assert "does not show again on later data" in answer.headline


def test_a_clear_gap_between_customers_beside_a_headline_that_cannot_tell_is_explained(company):
    terms(company, point=0.0)
    answer = ask(company.db, "revenue", SIX)
    gap = answer.fact("revenue.premium_adjusted")
    assert gap.interval.low > 0, "larger customers answer better in this world, whatever happens"
    assert "Cannot tell whether customers spend another amount" in answer.headline
    assert "held equal, stands between different customers: it is a level and no lever" in (
        answer.headline
    )
    assert not cause_words(answer.headline)


def test_a_headline_that_tells_of_a_change_needs_no_such_sentence(planted):
    assert "a level and no lever" not in planted.headline
