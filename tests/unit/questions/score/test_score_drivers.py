"""What goes before low scores: a planted cause is found, noise is not, and gaps are told."""

import numpy as np
import pytest

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.score.drivers import score_drivers

DAYS = np.datetime64("2025-01-06")


def _shop(company, *, n=900, seed=1, late_matters=1.8, answers_before_delivery=False):
    """A web shop: late orders are more common in the north, where people also score low."""
    draw = np.random.default_rng(seed)
    for number in range(n):
        customer = f"C{number % (n * 2 // 3)}"
        north = hash_of(customer) % 2 == 0
        late = draw.random() < (0.35 if north else 0.15)
        days = int(draw.integers(1, 12)) if late else 0
        odds = -1.6 + late_matters * (days > 0) + 0.8 * north
        value = 1 if draw.random() < 1 / (1 + np.exp(-odds)) else 5
        ordered = DAYS + int(draw.integers(0, 330))
        promised = ordered + 8
        answered = promised + 14 if not answers_before_delivery else promised - 2
        company.add(
            "orders",
            order_id=f"o{number}",
            customer_id=customer,
            ordered_at=f"{ordered} 10:00",
            promised_at=f"{promised} 00:00",
            delivered_at=f"{promised + days - 1 + (days > 0)} 12:00",
        )
        company.pays(None, None, float(draw.integers(10, 200)), order_id=f"o{number}")
        company.answers(
            customer, str(answered), value, "csat", "csat.1-5.top2", (1, 5), order_id=f"o{number}"
        )
        if draw.random() < 0.3:
            company.add(
                "contacts",
                customer_id=customer,
                contacted_at=f"{answered - 5} 09:00",
                contact_id=f"t{number}",
                resolved_first=bool(draw.random() < 0.7),
                minutes=float(draw.integers(2, 40)),
            )
    for number in range(n * 2 // 3):
        region = "North" if hash_of(f"C{number}") % 2 == 0 else "South"
        company.add("customers", customer_id=f"C{number}", region=region, row_key=f"C{number}")


def hash_of(name: str) -> int:
    return int(name[1:]) * 7919 % 104729


def _found(company, scope=None):
    with settled(company.db) as view:
        return score_drivers(view, scope or Scope())


def test_a_planted_cause_is_named_and_noise_beside_it_is_not(company):
    _shop(company)
    found = _found(company)
    assert [driver.name for driver in found.named] == ["late_delivery"]
    late = found.found[0]
    assert late.effect.low < -0.36 < late.effect.high
    assert late.raw.estimate < late.effect.estimate < 0  # the north is held equal
    assert found.sentence().startswith("Customers whose order was late scored more often 1–2 than")


def test_without_a_cause_nothing_is_named(company):
    _shop(company, late_matters=0.0)
    found = _found(company)
    assert found.named == ()
    assert found.sentence().startswith("Cannot tell what goes before scores of 1–2")


def test_what_came_after_the_answer_goes_before_nothing(company):
    """Answers given before the promised day cannot know of a delivery that was late later."""
    _shop(company, answers_before_delivery=True)
    assert "late_delivery" not in [driver.name for driver in _found(company).found]


def test_facts_table_and_picture_say_the_same(company):
    _shop(company)
    found = _found(company)
    rows = {row["driver"]: row for row in found.table()}
    for fact in found.facts():
        row = rows[fact.id.removeprefix("score.driver.")]
        assert (fact.value, fact.interval.low, fact.interval.high) == (
            row["effect"],
            row["low"],
            row["high"],
        )
        assert fact.grade.name == row["grade"]
        assert fact.card.code == "cxdash.questions.score.drivers.score_drivers"
        assert fact.card.validation
    assert rows["late_delivery"]["grade"] == "C"
    assert rows["late_delivery"]["rank"] == 1
    assert "lateness" not in rows["late_delivery"]["adjusted_for"]
    chart = found.chart()
    assert set(chart.category_order) == {row["label"] for row in found.table()}


def test_the_same_data_gives_the_same_numbers(company):
    _shop(company, n=300)
    assert _found(company).table() == _found(company).table()


def test_filters_narrow_the_answers(company):
    _shop(company)
    everyone, north = _found(company), _found(company, Scope(where=(("region", "North"),)))
    assert 0 < north.n < everyone.n
    assert "region North" in north.population


def test_no_answers_no_drivers(company):
    company.contract("A", "2025-01-01")
    company.pays("A", "2025-12-31", 1)
    assert _found(company) is None


@pytest.mark.parametrize("value", [1, 5])
def test_all_answers_alike_say_so(company, value):
    company.contract("A", "2025-01-01")
    company.pays("A", "2025-12-31", 1)
    for number in range(40):
        company.answers(f"C{number}", "2025-06-01", value, "csat", "csat.1-5.top2", (1, 5))
        company.contract(f"C{number}", "2025-01-01")
    found = _found(company)
    assert found.found == ()
    assert found.chart() is None
    assert "10 of each kind are needed" in found.sentence()


def test_answers_with_nothing_before_them_say_what_is_not_known(company):
    for number in range(60):
        company.answers(
            f"C{number}", "2025-06-01", 1 + 4 * (number % 2), "csat", "csat.1-5.top2", (1, 5)
        )
        company.add("customers", customer_id=f"C{number}", row_key=f"C{number}")
    company.pays("C1", "2025-12-31", 1)
    assert "nothing that happened before the answers" in _found(company).sentence()


def test_one_customer_with_many_answers_cannot_tell(company):
    for number in range(80):
        day = DAYS + 4 * number
        company.add(
            "orders",
            order_id=f"o{number}",
            customer_id="A",
            ordered_at=f"{day} 10:00",
            promised_at=f"{day + 1} 00:00",
            delivered_at=f"{day + 1 + number % 2} 12:00",
        )
        company.answers(
            "A", str(day + 3), 1 + 4 * (number % 2), "csat", "csat.1-5.top2", (1, 5),
            order_id=f"o{number}",
        )  # fmt: skip
    assert _found(company).found == ()
    assert "one customer" in _found(company).sentence()
