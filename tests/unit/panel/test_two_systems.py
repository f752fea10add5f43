"""Two systems that number alike, other currencies, goodbyes and returns: nothing counts twice."""

import threading
from datetime import date

import pytest

from cxdash.panel import panel, settled
from cxdash.questions import ask


def _base(company):
    for name in ("A", "B", "C"):
        company.add("customers", customer_id=name, segment="S", row_key=name)
        company.contract(name, "2024-01-01", amount=100)
    company.answers("A", "2025-03-01", 9)
    company.pays("A", "2025-12-31", 100)


def test_customers_listed_by_two_systems_count_once(company):
    _base(company)
    for name in ("A", "B", "C"):
        company.add("customers", customer_id=name, segment="T", row_key=f"crm|{name}")
    answer = ask(company.db, "worth")
    assert (
        answer.fact("worth.revenue_ahead").value is None
        or sum(row["customers"] for row in answer.tables["bands"]) == 3
    )
    assert sum(row["customers"] for row in answer.tables["bands"]) == 3


def test_an_order_number_of_two_shops_belongs_to_nobody(company):
    company.add("orders", order_id="1", customer_id="A", ordered_at="2025-01-05", row_key="x|1")
    company.add("orders", order_id="1", customer_id="B", ordered_at="2025-01-06", row_key="y|1")
    company.pays(None, None, 100, order_id="1")
    company.pays("A", "2025-06-30", 1)
    panel(company.db)
    rows = company.db.rows("SELECT customer_id, amount FROM panel_money ORDER BY amount")
    assert [(r["customer_id"], float(r["amount"])) for r in rows] == [("A", 1.0), (None, 100.0)]


def test_a_number_of_a_customer_is_never_another_ones_alias(company):
    company.add("customers", customer_id="C2", row_key="C2")
    company.add("customers", customer_id="C9", row_key="C9")
    company.add("customer_keys", alias="C2", customer_id="C9")
    company.pays("C2", "2025-06-30", 100)
    panel(company.db)
    assert company.db.rows("SELECT customer_id FROM panel_money") == [{"customer_id": "C2"}]


def test_an_alias_of_two_customers_resolves_to_nobody_else(company):
    company.add("customer_keys", alias="shared@x", customer_id="A")
    company.add("customer_keys", alias="shared@x", customer_id="B")
    company.pays("shared@x", "2025-06-30", 100)
    panel(company.db)
    assert company.db.rows("SELECT customer_id FROM panel_money") == [{"customer_id": "shared@x"}]


def test_contracts_in_a_currency_without_a_rate_withhold_money(company):
    _base(company)
    company.contract("D", "2024-01-01", amount=100, currency="EUR")
    answer = ask(company.db, "worth")
    assert answer.fact("worth.revenue_ahead").value is None
    assert any("no exchange rate" in line for line in answer.caveats)


def test_a_contract_of_the_future_does_not_move_today(company):
    _base(company)
    company.contract("D", "2031-03-01")
    assert panel(company.db).last_day == date(2025, 12, 31)


def test_who_leaves_and_returns_within_a_month_has_one_row_for_it(company):
    company.contract("A", "2024-01-01", "2025-02-03", amount=10)
    company.contract("A", "2025-03-20", amount=10)  # 45 days later: gone, then back
    company.contract("B", "2024-01-01", "2025-06-02", amount=10)
    company.contract("B", "2025-06-01", amount=10)
    company.pays("A", "2025-12-31", 100)
    panel(company.db)
    doubled = company.db.rows(
        "SELECT customer_id, month FROM panel_customer_months GROUP BY ALL HAVING count(*) > 1"
    )
    assert doubled == []


def test_purchases_that_end_and_begin_a_spell_in_one_month_count_once(company):
    company.pays("A", "2025-01-03", 50)
    company.pays("A", "2025-07-20", 70)  # gone on 3 July, back on the 20th
    company.pays("B", "2025-12-31", 1)
    panel(company.db)
    (july,) = company.db.rows(
        "SELECT active, revenue, spell FROM panel_customer_months "
        "WHERE customer_id = 'A' AND month = 12 * 2025 + 6"
    )
    assert (july["active"], july["revenue"], july["spell"]) == (1, 70.0, 2)


def test_an_answer_waits_for_no_import_and_sees_none_half_done(company):
    _base(company)
    with company.db.writing() as cur:
        cur.execute("UPDATE customers SET segment = 'changed'")
        answered = []
        asking = threading.Thread(target=lambda: answered.append(ask(company.db, "worth")))
        asking.start()
        asking.join(timeout=60)
        assert answered, "the answer waited for the import"
    assert sum(row["customers"] for row in answered[0].tables["bands"]) == 3


def test_a_snapshot_does_not_move_while_data_changes(company):
    _base(company)
    with settled(company.db) as view:
        before = view.rows("SELECT count(*) AS n FROM panel_spells")
        company.contract("late", "2024-01-01")
        panel(company.db)
        assert view.rows("SELECT count(*) AS n FROM panel_spells") == before == [{"n": 3}]
    with settled(company.db) as view:
        assert view.rows("SELECT count(*) AS n FROM panel_spells") == [{"n": 4}]


@pytest.mark.parametrize("threads", [6])
def test_many_readers_and_a_writer_never_mix_two_states(company, threads):
    """Every committed state has as many customers as spells; no answer may see otherwise."""
    _base(company)
    company.db.rows("SELECT 1")
    stop, seen, failed = threading.Event(), [], []

    def read():
        try:
            while not stop.is_set():
                with settled(company.db) as view:
                    people = view.rows("SELECT count(*) AS n FROM panel_people")[0]["n"]
                    spells = view.rows("SELECT count(*) AS n FROM panel_spells")[0]["n"]
                    seen.append(people == spells)
        except Exception as error:  # noqa: BLE001 - reported by the assertion below
            failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(threads)]
    for reader in readers:
        reader.start()
    for number in range(8):
        company.add("customers", customer_id=f"n{number}", row_key=f"n{number}")
        company.contract(f"n{number}", "2024-01-01")
        assert company.db
    stop.set()
    for reader in readers:
        reader.join(timeout=60)
    assert not failed
    assert seen
    assert all(seen)
