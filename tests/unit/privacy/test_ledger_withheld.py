"""A claim about fewer than five customers is told to nobody who may not see single ones."""

from datetime import date
from decimal import Decimal

import pytest

from cxdash import register
from cxdash.facts import Scope
from cxdash.privacy import answered
from cxdash.questions import ask
from cxdash.register.entries import save
from cxdash.register.kinds.ledger import Claim


def fill(company):
    for number in range(40):
        name = f"c{number:02}"
        region = "Isle" if number < 3 else "Main"
        company.add("customers", customer_id=name, segment="S", region=region, row_key=name)
        gone = "2024-03-05" if 20 <= number < 30 else None
        company.contract(name, "2021-01-01", gone)
        company.pays(name, "2021-02-01", 100)
    company.pays("c01", "2025-06-30", 100)


def claim(db, customers, amount, team):
    record = Claim(
        delivered="Fewer left",
        initiative="initiative-1",
        line="retention",
        month=date(2025, 6, 1),
        customers=customers,
        amount=Decimal(amount),
        source="assertion",
        team=team,
        cx_role="found",
    )
    with db.writing(entering=True) as cur:
        save(cur, record, by="ann")


@pytest.mark.promise("P01")
def test_rows_of_a_small_group_are_hidden_and_those_of_large_ones_shown(company):
    fill(company)
    db = company.db
    claim(db, "region=Isle", 111, "Islanders")
    claim(db, "region=Main", 222, "Mainlanders")
    claim(db, "", 333, "Everybody")
    assert len(register.current(db, Claim)) == 3

    def told(*, sees_people):
        return answered(
            db, Scope(), lambda scope: ask(db, "ledger", scope), sees_people=sees_people
        )

    whole, open_to_all = told(sees_people=True), told(sees_people=False)
    claimed = [row["amount_claimed"] for row in open_to_all.tables["claims"]]
    assert sorted(row["amount_claimed"] for row in whole.tables["claims"]) == [111, 222, 333]
    assert 111 not in claimed
    assert {222, 333} <= set(claimed)
    hidden = [row for row in open_to_all.tables["credit"] if row["claims"] is None]
    assert hidden
    assert "111" not in open_to_all.headline
