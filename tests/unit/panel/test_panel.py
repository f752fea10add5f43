"""Spells, customer-months and windows, checked cell by cell."""

from datetime import date

import pytest

from cxdash.panel import items, month_index, panel, windows


def test_contracts_that_follow_within_a_month_are_one_spell(company):
    company.contract("A", "2025-01-01", "2025-06-01")
    company.contract("A", "2025-06-20", "2025-09-15", notice="2025-08-30")
    company.contract("A", "2026-01-01")
    company.pays("A", "2026-02-27", 100)
    panel(company.db)
    spells = company.db.rows("SELECT * FROM panel_spells ORDER BY started_on")
    assert [(s["started_on"], s["left_on"], s["notice_on"]) for s in spells] == [
        (date(2025, 1, 1), date(2025, 9, 15), date(2025, 8, 30)),
        (date(2026, 1, 1), None, None),
    ]


def test_two_contracts_at_once_end_with_the_later_one(company):
    company.contract("A", "2025-01-01", "2025-12-01", notice="2025-11-01")
    company.contract("A", "2025-03-01", "2025-05-01", notice="2025-04-01")
    company.pays("A", "2026-01-31", 0)
    panel(company.db)
    (spell,) = company.db.rows("SELECT * FROM panel_spells")
    assert (spell["left_on"], spell["notice_on"]) == (date(2025, 12, 1), date(2025, 11, 1))


def test_one_of_two_contracts_cancelled_is_no_notice(company):
    company.contract("A", "2025-01-01")
    company.contract("A", "2025-03-01", "2025-05-01", notice="2025-04-01")
    company.pays("A", "2025-06-30", 0)
    panel(company.db)
    (spell,) = company.db.rows("SELECT * FROM panel_spells")
    assert (spell["left_on"], spell["notice_on"]) == (None, None)


def test_with_few_second_purchases_a_customer_is_gone_after_six_silent_months(company):
    company.pays("A", "2025-01-10", 50, revenue_kind="one-off")
    company.pays("A", "2025-05-10", 50, revenue_kind="one-off")
    company.pays("B", "2025-12-31", 50, revenue_kind="one-off")
    built = panel(company.db)
    assert not built.contractual
    spells = {s["customer_id"]: s for s in company.db.rows("SELECT * FROM panel_spells")}
    assert spells["A"]["started_on"] == date(2025, 1, 10)
    assert spells["A"]["left_on"] == date(2025, 11, 10)


def test_refunds_are_no_purchases(company):
    company.pays("A", "2025-01-10", 50)
    company.pays("A", "2025-06-10", -50, revenue_kind="refund")
    company.pays("B", "2025-12-31", 50)
    panel(company.db)
    assert company.db.rows("SELECT left_on FROM panel_spells WHERE customer_id = 'A'") == [
        {"left_on": date(2025, 7, 10)}
    ]


def test_the_run_rate_comes_from_contracts_and_else_from_the_last_twelve_months(company):
    company.contract("A", "2025-01-01", amount=70)
    company.contract("A", "2025-03-01", amount=30)
    company.contract("B", "2025-01-01", amount=None)
    for month in range(1, 7):
        company.pays("B", f"2025-{month:02}-28", 10 * month)
    company.pays("A", "2025-06-30", 1)
    panel(company.db)
    rates = company.db.rows(
        "SELECT customer_id, month, rate FROM panel_customer_months ORDER BY customer_id, month"
    )
    of_a = [row["rate"] for row in rates if row["customer_id"] == "A"]
    of_b = [row["rate"] for row in rates if row["customer_id"] == "B"]
    assert of_a == [70, 70, 100, 100, 100, 100]
    assert of_b == [10, 15, 20, 25, 30, 35]


def test_money_finds_its_customer_and_day_through_the_order_without_fan_out(company):
    company.add("customers", customer_id="person", row_key="person")
    company.add("customer_keys", alias="c1", customer_id="person")
    company.add("orders", order_id="o1", customer_id="c1", ordered_at="2025-03-05 10:00")
    company.pays(None, None, 40.25, order_id="o1")
    company.pays(None, None, 9.75, order_id="o1")
    company.pays(None, None, 5, order_id="lost")
    panel(company.db)
    rows = company.db.rows("SELECT customer_id, dated, amount FROM panel_money ORDER BY amount")
    assert [(r["customer_id"], r["dated"]) for r in rows] == [
        (None, None),
        ("person", date(2025, 3, 5)),
        ("person", date(2025, 3, 5)),
    ]
    assert float(sum(r["amount"] for r in rows)) == 55.0


def test_a_currency_without_a_rate_is_left_out_not_added(company):
    company.add("fx", currency="EUR", to_currency="USD", dated="2025-01-01", rate=1.10)
    company.add("fx", currency="EUR", to_currency="USD", dated="2025-02-01", rate=1.20)
    for day, currency in (
        ("2025-01-20", "EUR"),
        ("2025-02-01", "EUR"),
        ("2025-02-01", "JPY"),
        ("2025-02-28", "USD"),
        ("2025-02-28", "USD"),
        ("2025-02-28", "USD"),
    ):
        company.pays("A", day, 100, currency=currency)
    panel(company.db)
    rows = company.db.rows(
        "SELECT currency, dated, amount FROM panel_money ORDER BY dated, currency"
    )
    assert [float(r["amount"]) if r["amount"] is not None else None for r in rows] == [
        110.0,
        120.0,
        None,
        100.0,
        100.0,
        100.0,
    ]


def test_answers_given_with_or_after_the_goodbye_are_marked(company):
    company.contract("A", "2025-01-01", "2025-08-01", notice="2025-07-10")
    company.answers("A", "2025-07-09", 3)
    company.answers("A", "2025-07-10", 0)
    company.answers("A", "2025-09-01", 0)
    company.answers("nobody", "2025-07-09", 10)
    company.pays("A", "2025-09-30", 0)
    panel(company.db)
    rows = company.db.rows("SELECT * FROM panel_answers ORDER BY answered_on, customer_id")
    assert [(r["customer_id"], r["after_goodbye"], r["matched"], r["band"]) for r in rows] == [
        ("A", False, True, "detractor"),
        ("nobody", False, False, "promoter"),
        ("A", True, True, "detractor"),
        ("A", True, True, "detractor"),
    ]


def _marks(db, built, name, as_of_month):
    seen = windows(db, built, as_of_month=as_of_month, horizon=6)
    return seen.of(next(item for item in items(db) if item.name == name))


def test_landmarks_look_back_only_and_windows_do_not_overlap(company):
    company.contract("A", "2024-01-01", "2025-05-10", notice="2025-04-20")
    company.contract("B", "2024-01-01", "2026-03-01", notice="2025-12-20")
    company.contract("C", "2024-01-01")
    company.answers("A", "2024-06-10", 2)
    company.answers("A", "2024-12-31", 9)
    company.answers("A", "2025-04-25", 0)  # after the goodbye: predicts nothing
    company.answers("B", "2025-11-10", 7)
    company.pays("C", "2025-12-31", 100)
    built = panel(company.db)
    marks = _marks(company.db, built, "nps", month_index(date(2025, 12, 1)))
    assert marks.closed_months == tuple(
        month_index(date(year, month, 1)) for year, month in ((2024, 6), (2024, 12), (2025, 6))
    )
    rows = {(r.customer_id, r.landmark): r for r in marks.rows.itertuples()}
    june, december = marks.closed_months[0], marks.closed_months[1]
    assert (rows["A", june].band, rows["A", june].left_within) == ("detractor", 0)
    assert (rows["A", december].band, rows["A", december].left_within) == ("promoter", 1)
    assert ("A", marks.closed_months[2]) not in rows
    assert rows["B", marks.today].under_notice == 1
    assert set(marks.base["customer_id"]) == {"C"}
    assert set(marks.leaving["customer_id"]) == {"B"}
    assert marks.base["left_within"].isna().all()  # nobody knows yet


def test_without_contracts_who_is_no_customer_when_the_window_ends_has_left(company):
    """The wait is two months, so purchases of the last two months of a window count."""
    with company.db.writing() as cur:
        cur.execute("INSERT INTO settings VALUES ('idle_months', '2')")
    bought = {
        "never": (),
        "early": ("2025-09-01",),
        "border": ("2025-10-31",),
        "late": ("2025-11-01",),
        "both": ("2025-07-02", "2025-12-30"),
    }
    for name, days in bought.items():
        for day in ("2025-06-20", *days):
            company.pays(name, day, 20)
    company.pays("stale", "2025-04-30", 20)  # was no customer when the window began
    company.pays("both", "2025-12-31", 20)
    company.answers("late", "2025-06-01", 9)
    seen = windows(
        company.db,
        panel(company.db),
        as_of_month=month_index(date(2025, 12, 1)),
        horizon=6,
    )
    rows = seen.rows[seen.rows["landmark"] == month_index(date(2025, 6, 1))]
    left = dict(zip(rows["customer_id"], rows["left_within"], strict=True))
    assert left == {"never": 1, "early": 1, "border": 1, "late": 0, "both": 0}
    assert rows["left_month"].isna().all()
    assert rows["window_left"].isna().all()


def test_an_answer_older_than_a_year_is_forgotten(company):
    company.contract("A", "2023-01-01")
    company.answers("A", "2024-11-30", 2)
    company.pays("A", "2025-12-31", 100)
    built = panel(company.db)
    marks = _marks(company.db, built, "nps", month_index(date(2025, 12, 1)))
    assert marks.base["band"].isna().all()


def test_the_panel_is_rebuilt_when_data_changes_and_only_then(company):
    company.contract("A", "2025-01-01")
    company.pays("A", "2025-06-30", 1)
    first = panel(company.db)
    assert panel(company.db) == first
    company.contract("B", "2025-01-01")
    assert panel(company.db).loaded_version > first.loaded_version
    assert company.db.rows("SELECT count(*) AS n FROM panel_spells") == [{"n": 2}]


def test_a_panel_built_by_another_version_is_built_again(company):
    company.contract("A", "2025-01-01")
    company.pays("A", "2025-06-30", 1)
    panel(company.db)
    for older in (
        "UPDATE panel_stamp SET recipe = 'other'",
        "ALTER TABLE panel_stamp DROP COLUMN recipe",
    ):
        with company.db.deriving() as cur:
            cur.execute("DROP TABLE panel_takings")
            cur.execute(older)
        panel(company.db)
        assert company.db.rows("SELECT count(*) AS n FROM panel_takings") == [{"n": 1}]


@pytest.mark.parametrize("item", ["it's", 'a"b', "x; drop table customers"])
def test_an_item_may_have_any_name(company, item):
    company.contract("A", "2025-01-01")
    company.answers("A", "2025-03-01", 9, item=item)
    company.pays("A", "2025-12-31", 1)
    built = panel(company.db)
    marks = _marks(company.db, built, item, month_index(date(2025, 12, 1)))
    assert list(marks.base["band"]) == ["promoter"]
