"""A list of customers on one day, with who had left, comes in with whatever else it holds."""

import pytest

from cxdash import intake
from cxdash.errors import UsageError
from cxdash.intake import Mapping

LIST = """
customerID,Contract,tenure,MonthlyCharges,TotalCharges,E-mail,Churn
001,Month-to-month,1,29.85,29.85,a@x.org,Yes
002,One year,34,56.95,1889.50,b@x.org,No
003,Month-to-month,0,52.55,,c@x.org,no
"""
MAP = """
kind = "snapshots"
traits = ["Contract", "TotalCharges"]
[columns]
customer_id = "customerID"
has_left = "Churn"
tenure_months = "tenure"
monthly_amount = "MonthlyCharges"
[constants]
currency = "USD"
"""


def test_whether_a_customer_left_and_what_is_known_of_it_are_kept(db, load):
    receipt = load(LIST, MAP)
    assert (receipt.rows_loaded, receipt.rows_rejected) == (3, 0)
    kept = db.rows(
        "SELECT customer_id, has_left, tenure_months, CAST(monthly_amount AS VARCHAR) AS paid "
        "FROM snapshots WHERE is_current ORDER BY 1"
    )
    assert [tuple(row.values()) for row in kept] == [
        ("001", True, 1.0, "29.8500"),
        ("002", False, 34.0, "56.9500"),
        ("003", False, 0.0, "52.5500"),
    ]
    traits = db.rows("SELECT row_key, trait, content FROM traits WHERE is_current ORDER BY ALL")
    assert [tuple(row.values()) for row in traits] == [
        ("001", "Contract", "Month-to-month"),
        ("001", "TotalCharges", "29.85"),
        ("002", "Contract", "One year"),
        ("002", "TotalCharges", "1889.50"),
        ("003", "Contract", "Month-to-month"),  # an empty cell is no trait
    ]


def test_a_changed_trait_replaces_the_row_and_undo_brings_the_old_one_back(db, load):
    load(LIST, MAP)
    later = load(LIST.replace("One year", "Two year"), MAP)
    assert later.rows_superseding == 1
    contract = (
        "SELECT content FROM traits WHERE is_current AND row_key = '002' AND trait = 'Contract'"
    )
    assert db.rows(contract) == [{"content": "Two year"}]
    intake.undo(db, later.import_id)
    assert db.rows(contract) == [{"content": "One year"}]


def test_a_customer_who_neither_left_nor_stayed_is_refused(load):
    receipt = load(LIST.replace(",no\n", ",perhaps\n"), MAP)
    assert receipt.rows_rejected == 1
    assert receipt.reasons[0][0].endswith("is not a yes or no")


def test_the_list_is_recognised_and_only_its_currency_is_asked(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST.lstrip(), encoding="utf-8")
    found = intake.inspect(path)
    assert found.kind == "snapshots"
    assert [question.id for question in found.questions] == ["currency"]
    assert found.mapping.traits == ("Contract", "TotalCharges")  # no address of a person
    fewer = found.with_answers({"trait:TotalCharges": "no", "currency": "USD"})
    assert fewer.ready
    assert fewer.mapping.traits == ("Contract",)


def test_a_list_that_does_not_say_who_left_is_a_list_of_accounts(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Customer ID,Name,Segment\n1,A,x\n2,B,x\n", encoding="utf-8")
    assert intake.inspect(path).kind == "customers"


def test_traits_survive_being_written_down_and_belong_to_snapshots_only():
    mapping = Mapping.from_toml(MAP)
    assert Mapping.from_toml(mapping.to_toml()) == mapping
    with pytest.raises(UsageError, match="traits belong to snapshots"):
        Mapping.from_toml(MAP.replace('"snapshots"', '"customers"').split("[columns]")[0])
