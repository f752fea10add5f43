"""A list of customers on one day: what leavers have in common, and what it cannot tell."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from churn_worlds import put
from scipy.special import expit

from cxdash.errors import UsageError
from cxdash.faces.cli.text import lines_of_answer
from cxdash.faces.columns import columns
from cxdash.facts import Scope
from cxdash.panel.snapshots import CustomerList
from cxdash.questions import ask, filters
from cxdash.questions.churn.list import TRAITS, find_in_list
from cxdash.store import Database

N = 1200


def _people(seed=1, n=N, **traits):
    rng = np.random.default_rng(seed)
    contract = rng.choice(["monthly", "yearly"], n, p=[0.6, 0.4])
    service = rng.choice(["basic", "full", "none"], n)
    tenure = rng.integers(0, 60, n)
    odds = -1.0 + 1.2 * (contract == "monthly") - 0.04 * tenure
    left = rng.random(n) < expit(odds)
    rows = pd.DataFrame(
        {
            "customer_id": [f"p{number:05}" for number in range(n)],
            "has_left": left,
            "taken_on": pd.NaT,
            "tenure_months": tenure.astype(float),
            "monthly_amount": rng.uniform(20, 90, n).round(2),
            "currency": "USD",
        }
    )
    own = {"Contract": contract, "Service": service}
    own |= {name: make(left, rng) for name, make in traits.items()}
    frame = pd.DataFrame(own).astype(object)
    return CustomerList(rows, frame, ("import 1: l.csv (snapshots)",), date(2026, 1, 2))


@pytest.fixture(scope="module")
def found():
    return find_in_list(_people())


def _db(path, people):
    opened = Database(path / "l.duckdb")
    with opened.writing() as cur:
        put(cur, "snapshots", people.rows, people.rows["customer_id"])
        for trait in people.traits:
            known = people.traits[trait].notna().to_numpy()
            rows = pd.DataFrame({"content": people.traits[trait][known]}).assign(trait=trait)
            put(cur, "traits", rows[["trait", "content"]], people.rows["customer_id"][known])
        cur.execute(
            "INSERT INTO imports BY NAME SELECT 1 AS import_id, 'snapshots' AS kind, 'l.csv' AS "
            "file_name, '' AS sha256, 0 AS bytes, '' AS layout, '' AS mapping, [] AS columns, "
            "'complete' AS completeness, false AS is_demo, 2 AS rows_read, 2 AS rows_loaded, "
            "0 AS rows_superseding, 0 AS rows_duplicate, 0 AS rows_rejected, '{}' AS receipt, "
            "TIMESTAMP '2026-01-02' AS imported_at"
        )
    return opened


def test_the_trait_that_matters_comes_first_and_one_that_does_not_is_noise(found):
    by_name = {driver.name: driver for driver in found.drivers}
    assert found.drivers[0].name in {"Contract", "tenure_months"}
    assert by_name["Contract"].beyond_noise
    assert by_name["Contract"].change == "“yearly” instead of “monthly”"
    assert by_name["Contract"].effect.high < 0
    assert not by_name["Service"].beyond_noise


def test_chances_are_those_of_models_that_had_not_seen_the_customer(found):
    main = next(check for check in found.checks if check.model == TRAITS)
    assert main.calibration.slope_low <= 1 <= main.calibration.slope_high
    assert main.auc.estimate > 0.65
    assert main.trained < N


def test_pure_noise_has_no_skill_when_cross_validated():
    people = _people(seed=4)
    rng = np.random.default_rng(99)
    people.rows["has_left"] = rng.random(N) < 0.3
    main = find_in_list(people).checks[0]
    assert main.auc is None or main.auc.low < 0.5


@pytest.mark.parametrize(
    ("trait", "make", "says"),
    [
        ("Why", lambda left, _rng: [("Price" if gone else None) for gone in left], "filled in for"),
        (
            "Status",
            lambda left, rng: np.where(left & (rng.random(len(left)) < 0.8), "Closed", "Open"),
            "knows the outcome",
        ),
        (
            "Score",
            lambda left, rng: (90 * left + rng.normal(0, 12, len(left)).round(1)).astype(str),
            "set afterwards",
        ),
    ],
)
def test_a_trait_that_knows_the_outcome_is_named_and_left_out(trait, make, says):
    found = find_in_list(_people(**{trait: make}))
    assert [entry.column for entry in found.excluded] == [trait]
    assert says in found.excluded[0].reason
    assert trait not in {driver.name for driver in found.drivers}


def test_a_trait_of_names_or_of_one_value_is_left_out():
    found = find_in_list(
        _people(
            Name=lambda left, _rng: [f"Firm {n}" for n in range(len(left))],
            Land=lambda left, _rng: ["here"] * len(left),
        )
    )
    assert {entry.column for entry in found.left_out} == {"Name", "Land"}


def test_two_currencies_keep_amounts_out_of_the_model(tmp_path):
    people = _people()
    people.rows.loc[:100, "currency"] = "EUR"
    with _db(tmp_path, people) as db:
        answer = ask(db, "churn")
    assert "monthly_amount" not in {row["driver"] for row in answer.tables["drivers"]}
    assert all(row["revenue"] is None for row in answer.tables["risks"])
    assert any("several currencies" in line for line in answer.caveats)


def test_the_answer_says_what_a_list_cannot_tell(tmp_path):
    people = _people()
    with _db(tmp_path, people) as db:
        answer = ask(db, "churn", Scope(horizon=12))
        with pytest.raises(UsageError, match="no 'segment'") as told:
            ask(db, "churn", Scope(where=(("segment", "x"),)))
        assert told.value.do_next == "Filter by one of: Contract, Service."
        with pytest.raises(UsageError, match="no dates, so it cannot be asked as of a day"):
            ask(db, "churn", Scope(as_of=date(2025, 12, 31)))
    assert answer.status == "partly"
    assert "impossible" in answer.headline
    assert answer.as_of == date(2026, 1, 2)
    assert not any(row["lever"] for row in answer.tables["drivers"])
    assert {fact.grade.name for fact in answer.facts} == {"D"}
    still = set(people.rows["customer_id"][~people.rows["has_left"]])
    assert {row["customer_id"] for row in answer.tables["risks"]} == still
    first = answer.tables["risks"][0]
    amount = people.rows.set_index("customer_id")["monthly_amount"][first["customer_id"]]
    assert first["revenue"] == pytest.approx(amount), "a month's amount, whatever the horizon"
    assert any(line.startswith("Nothing is looked ahead") for line in answer.caveats)


def test_a_list_speaks_of_likeness_and_foresees_nothing(tmp_path):
    with _db(tmp_path, _people()) as db:
        answer = ask(db, "churn", Scope(horizon=12))
    assert not answer.dated
    assert "who looks like those who left, not who will leave" in answer.headline
    printed = "\n".join(lines_of_answer(answer))
    for promise in ("months ahead", "Chance of leaving", "expected loss", "12 months", "at stake"):
        assert promise not in printed
    heading = next(one.title for one in columns(answer, "risks") if one.name == "risk")
    assert heading == "Like those who had left"


def test_a_list_is_filtered_by_its_own_traits_whatever_their_case(tmp_path):
    people = _people()
    with _db(tmp_path, people) as db:
        part = ask(db, "churn", Scope(where=(("contract", "yearly"),)))
        with pytest.raises(UsageError, match="No customer has Contract=daily") as told:
            ask(db, "churn", Scope(where=(("Contract", "daily"),)))
        with pytest.raises(UsageError, match="cannot be filtered by 'Contract'"):
            ask(db, "worth", Scope(where=(("Contract", "yearly"),)))
        assert filters(db, "churn") == {
            "Contract": ("monthly", "yearly"),
            "Service": ("basic", "full", "none"),
        }
        assert filters(db, "worth") == {}
    assert told.value.do_next == "Its values are: monthly, yearly."
    assert part.fact("churn.rate").n == (people.traits["Contract"] == "yearly").sum()


@pytest.mark.parametrize(
    ("column", "known"),
    [('"tenure"', False), ('"Tenure Months"', True), ('{column = "months on book"}', True)],
)
def test_the_unit_of_tenure_is_taken_from_the_column_and_never_guessed(tmp_path, column, known):
    with _db(tmp_path, _people()) as db:
        with db.writing() as cur:
            cur.execute(
                "UPDATE imports SET mapping = ?", [f"[columns]\ntenure_months = {column}\n"]
            )
            cur.execute("UPDATE snapshots SET import_id = 1")
        answer = ask(db, "churn")
    tenure = next(row for row in answer.tables["drivers"] if row["driver"] == "tenure_months")
    assert tenure["change"].startswith("12 months longer") is known
    assert any("in the file's own unit" in line for line in answer.caveats) is not known
    said = " ".join(str(row["reasons"]) for row in answer.tables["risks"])
    assert ("customer for" in said, "the file's own unit" in said) == (known, not known)


@pytest.mark.parametrize("share", [0.0, 0.01, 1.0])
def test_too_few_leavers_or_stayers_are_too_few(tmp_path, share):
    people = _people()
    people.rows["has_left"] = np.arange(N) < share * N
    with _db(tmp_path, people) as db:
        answer = ask(db, "churn")
    assert answer.status == "cannot_tell"
    assert "are needed" in answer.headline
    assert answer.tables["risks"] == []
    assert "Import a longer list" in answer.missing[0]


def test_levels_of_noise_are_asked_all_at_once_and_their_step_is_fixed_beforehand():
    def fifteen(_left, rng):
        return [f"L{code:02}" for code in rng.integers(0, 15, N) * (rng.random(N) < 0.8)]

    found = find_in_list(_people(Area=fifteen))
    area = next(driver for driver in found.drivers if driver.name == "Area")
    assert not area.beyond_noise
    assert area.effect.p_value > 0.05
    # The level that is compared is the commonest, wherever the most or the fewest leavers are.
    assert area.change in {"“L00” instead of another", "another instead of “L00”"}


def test_a_level_that_matters_shows_though_the_others_do_not(tmp_path):
    people = _people()
    rng = np.random.default_rng(5)
    area = rng.choice(["a", "b", "c", "d"], N, p=[0.4, 0.2, 0.2, 0.2])
    people.traits["Area"] = area
    people.rows["has_left"] = rng.random(N) < np.where(area == "a", 0.15, 0.40)
    found = next(d for d in find_in_list(people).drivers if d.name == "Area")
    assert found.change == "“a” instead of another"
    assert found.beyond_noise
    assert found.effect.low < -0.25 < found.effect.high


def test_money_of_a_list_is_as_unsure_as_its_model_and_as_who_really_leaves(tmp_path):
    with _db(tmp_path, _people(n=300)) as db:
        answer = ask(db, "churn", Scope(horizon=12))
    stake = answer.fact("churn.at_stake")
    assert stake.interval.low < stake.value < stake.interval.high
    found = find_in_list(_people(n=300))
    still = ~found.left
    revenue = found.people.rows["monthly_amount"].to_numpy()[still]
    chance = found.steady.probabilities(found.matrix[still])
    assert stake.value == pytest.approx(float(chance @ revenue), rel=0.05)
    tosses = 1.645 * np.sqrt((chance * (1 - chance)) @ revenue**2)
    assert stake.interval.high - stake.interval.low > 1.1 * 2 * tosses


def test_of_equal_chances_neither_slope_nor_level_is_told(tmp_path):
    with _db(tmp_path, _people()) as db:
        rows = {row["model"]: row for row in ask(db, "churn").tables["validation"]}
    nobody = rows["nobody churns"]
    assert (nobody["auc"], nobody["calibration_slope"]) == (0.5, None)
    assert nobody["calibration_intercept"] is None
    assert rows["all traits"]["calibration_intercept"] is not None
    assert "impossible" in nobody["cutoff"]
