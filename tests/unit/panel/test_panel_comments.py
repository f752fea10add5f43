"""Every comment is there, whoever wrote it and whatever stands beside it."""

from datetime import date

import pytest

from cxdash.panel import settled
from cxdash.panel.comments import comments, people_named

DAY = date(2025, 12, 31)


def wrote(company, customer, day, body, *, value=None, key=None, **more):
    key = key or f"r-{customer}-{day}"
    company.add(
        "responses",
        response_id=key,
        customer_id=customer,
        answered_at=f"{day} 12:00",
        row_key=key,
        **more,
    )
    if value is not None:
        company.add(
            "scores",
            item="nps",
            variant="nps.0-10",
            value=value,
            scale_low=0,
            scale_high=10,
            high_is_good=True,
            row_key=key,
        )
    company.add("comments", item="why", body=body, row_key=key)


def read(company, until=DAY):
    with settled(company.db) as view:
        return comments(view, until).set_index("body")


@pytest.fixture
def said(company):
    company.add("customers", customer_id="c1", segment="Large", name="Acme Ltd", row_key="c1")
    company.contract("c1", "2024-01-01", "2025-06-15", notice="2025-06-01")
    wrote(company, "c1", "2025-01-10", "before", value=8)
    wrote(company, "c1", "2025-06-20", "after")
    wrote(company, None, "2025-02-10", "nobody")
    wrote(company, "c1", "2025-03-10", "   ")
    wrote(company, "x9", "2025-02-11", "unmatched", value=0)
    return read(company)


def test_comments_without_a_score_or_a_customer_are_there_and_blank_ones_are_not(said):
    assert set(said.index) == {"before", "after", "nobody", "unmatched"}
    assert said.loc["before", "score"] == pytest.approx(0.8)
    assert said.loc["after", "score"] != said.loc["after", "score"]
    assert said.loc["before", "segment"] == "Large"
    assert list(said["customer_id"].notna()) == [True, False, False, True]


def test_what_came_after_the_goodbye_knows_it(said):
    assert said.loc["after", "knows"] == 1
    assert said.loc[["before", "nobody", "unmatched"], "knows"].tolist() == [0, 0, 0]


def test_nothing_later_than_the_day_is_read(company, said):
    assert set(read(company, date(2025, 1, 31)).index) == {"before"}


def test_the_names_of_customers_and_of_staff_are_told_apart(company):
    company.add("customers", customer_id="c1", name="Acme Ltd", owner="Ann Lee", row_key="c1")
    wrote(company, "c1", "2025-01-10", "said", agent="Bo Day")
    with settled(company.db) as view:
        assert people_named(view) == (("Acme Ltd",), ("Ann Lee", "Bo Day"))
