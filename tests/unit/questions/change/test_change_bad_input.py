"""Whatever is loaded, ``change`` says what is missing and what can still be said."""

import math
from datetime import date

import pytest
from test_change import AFTER, BEFORE, LAST, asked, closing, customers, parts_of

from cxdash.facts import Scope
from cxdash.panel import panel
from cxdash.questions import ask


def _ask(company, **scope):
    answer = ask(company.db, "change", Scope(**scope))
    assert answer.headline
    assert answer.to_json()
    if answer.status != "answered":
        assert answer.missing
    for fact in answer.facts:
        assert fact.value is not None or fact.caveats
    if "parts" in answer.tables:
        parts_of(answer)
    for rows in answer.tables.values():
        for row in rows:
            assert not [v for v in row.values() if isinstance(v, float) and not math.isfinite(v)]
    said = " ".join([answer.headline, *answer.caveats, *answer.missing]).lower()
    assert " nan" not in said
    assert " none" not in said.replace(" none of", "")
    return answer


def usual(company, count=60, *, ends=None, before=7, after=9):
    """A company in which everybody answers twice."""
    names = customers(company, count, ends=ends)
    asked(company, BEFORE, dict.fromkeys(names, before))
    asked(company, AFTER, {name: after for name in names if name not in (ends or {})})
    closing(company)
    return names


def test_no_survey(company):
    customers(company, 20)
    closing(company)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "no survey answers are loaded" in answer.headline
    assert any("survey export" in line for line in answer.missing)


def test_nothing_at_all(company):
    panel(company.db)
    assert _ask(company).status == "cannot_tell"


def test_no_revenue(company):
    """Contracts without amounts: the split stands, the money is withheld."""
    usual(company, ends={f"c{number:04}": "2025-12-20" for number in range(15)})
    company.answers("c0059", LAST, 9)  # without payments the answers say how far the data goes
    with company.db.writing() as cur:
        cur.execute("UPDATE subscriptions SET monthly_amount = NULL, currency = NULL")
        cur.execute("DELETE FROM revenue")
    answer = _ask(company)
    assert answer.status == "partly"
    assert answer.fact("change.leavers_revenue").value is None
    assert all(row["revenue"] is None for row in answer.tables["parts"])
    assert any("No revenue is loaded" in line for line in answer.caveats)


def test_no_finance_at_all(company):
    """Only answers and a customer list: who left cannot be told from who did not answer."""
    for number in range(60):
        company.add("customers", customer_id=f"c{number:04}", row_key=f"c{number:04}")
        company.answers(f"c{number:04}", BEFORE, 7)
        if number % 2:
            company.answers(f"c{number:04}", AFTER, 9)
    company.answers("c0000", LAST, 9)
    answer = _ask(company)
    assert set(parts_of(answer)) == {"changed_mind", "unknown"}
    assert any("It is not known when anybody was a customer" in c for c in answer.caveats)
    assert any("import subscriptions or payments" in line for line in answer.missing)


@pytest.mark.parametrize("key", [None, "stranger"])
def test_no_join_key(company, key):
    """The two periods are still read as independent waves; the split says what it cannot tell."""
    customers(company, 20)
    for number in range(60):
        name = key and f"{key}{number}"
        company.answers(name, BEFORE, 9 if number % 2 else 3)
        company.answers(name, AFTER, 9 if number % 6 else 3)
    closing(company)
    answer = _ask(company)
    assert answer.headline.startswith("NPS improved from 0 to 67")
    assert answer.status == "partly"
    assert set(parts_of(answer)) == {"unknown"}
    assert answer.fact("change.matched").value == 0
    assert any("import the customer list, or map the column" in line for line in answer.missing)


def test_one_segment(company):
    usual(company)
    with company.db.writing() as cur:
        cur.execute("UPDATE customers SET segment = 'Only'")
    assert "segment_mix" not in parts_of(_ask(company))


@pytest.mark.parametrize("score", [0, 8, 10])
def test_a_constant_column(company, score):
    usual(company, before=score, after=score)
    answer = _ask(company)
    assert answer.headline.startswith("Cannot tell whether NPS changed")
    assert answer.status == "cannot_tell"
    assert all(row["points"] == 0 for row in answer.tables["parts"])


def test_forty_items_that_say_the_same(company):
    names = customers(company, 30)
    for item in range(40):
        for day, score in ((BEFORE, 3), (AFTER, 4)):
            for name in names:
                company.answers(name, day, score, item=f"q{item}", variant="rating.1-5",
                                scale=(1, 5))  # fmt: skip
    closing(company)
    answer = _ask(company, metric="q17")
    assert answer.headline.startswith("Q17 rose from 3")
    assert parts_of(answer)["changed_mind"]["points"] == pytest.approx(1)


def test_all_churned(company):
    usual(company, ends={f"c{number:04}": "2025-12-20" for number in range(60)})
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "60 people answered before and 0 after" in answer.headline


def test_everybody_replaced(company):
    """All who answered before have left, all who answer now are new: nobody stayed."""
    old = customers(company, 40, ends={f"c{number:04}": "2025-12-20" for number in range(40)})
    new = customers(company, 40, first=100, start="2026-01-10")
    asked(company, BEFORE, dict.fromkeys(old, 3))
    asked(company, AFTER, dict.fromkeys(new, 9))
    company.pays("c0100", LAST, 100)
    answer = _ask(company)
    assert set(parts_of(answer)) == {"turnover"}
    assert any("Nobody who answered" in line for line in answer.caveats)


def test_nobody_churned(company):
    usual(company)
    parts = parts_of(_ask(company))
    assert (parts["left"]["points"], parts["left"]["n"]) == (0, 0)


def test_thirty_answers(company):
    names = customers(company, 15)
    asked(company, BEFORE, {name: 9 if at % 2 else 3 for at, name in enumerate(names)})
    asked(company, AFTER, {name: 9 if at % 3 else 3 for at, name in enumerate(names)})
    closing(company)
    answer = _ask(company)
    assert answer.headline.startswith("Cannot tell whether NPS changed")
    assert any("known only roughly" in line for line in answer.caveats)


def test_nine_answers_a_period(company):
    usual(company, count=9)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert answer.fact("change.total").value is None
    assert [row["verdict"] for row in answer.tables["readability"]] == ["too few answers"] * 2
    assert answer.tables["parts"] == []


def test_answers_after_churn(company):
    """Everything in the later period was said after the goodbye."""
    ends = {f"c{number:04}": "2025-12-20" for number in range(60)}
    names = customers(company, 60, ends=ends)
    asked(company, BEFORE, dict.fromkeys(names, 7))
    asked(company, AFTER, dict.fromkeys(names, 1))
    closing(company)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert answer.fact("change.after_goodbye").value == 60


def test_negative_and_refunded_revenue(company):
    """Without contracts the rate is what was paid; refunds come off it."""
    for number in range(60):
        name = f"c{number:04}"
        company.add("customers", customer_id=name, row_key=name)
        stops = 2025 * 12 + 6 if number < 20 else 2026 * 12 + 5
        for month in range(2025 * 12, stops + 1):
            company.pays(name, f"{month // 12}-{month % 12 + 1:02}-28", 50)
        company.pays(name, "2025-07-15", -900, revenue_kind="refund")
        company.answers(name, BEFORE, 3 if number < 20 else 9)
        if number >= 20:
            company.answers(name, AFTER, 9)
    answer = _ask(company, as_of=date(2026, 6, 30))
    assert parts_of(answer)["left"]["points"] > 0
    assert answer.fact("change.leavers_revenue").value < 0
    assert "a year)" not in answer.headline  # a negative revenue is no loss to be told


def test_duplicate_customers(company):
    names = usual(company)
    for name in names:
        company.add("customers", customer_id=name, row_key=f"again-{name}", segment="Twice")
    answer = _ask(company)
    assert answer.fact("change.before").n == 60


def test_two_currencies_without_a_rate(company):
    usual(company, ends={f"c{number:04}": "2025-12-20" for number in range(15)}, before=8, after=8)
    company.pays("c0030", "2026-06-30", 100, currency="EUR")
    answer = _ask(company)
    assert answer.fact("change.leavers_revenue").value is None
    assert any("exchange rate" in line for line in answer.caveats)
    assert any("kind fx" in line for line in answer.missing)


def test_an_item_without_a_single_answer_in_either_period(company):
    names = customers(company, 30)
    asked(company, "2024-03-10", dict.fromkeys(names, 9))
    closing(company)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert answer.fact("change.matched").value is None
    assert "control" in answer.tables
