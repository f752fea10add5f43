"""An older export loaded after a newer one is said, with the money it moved back."""

from decimal import Decimal

import pytest
from plain_layouts import REVENUE

from .conftest import CUSTOMERS

HEAD = "invoice,customer,at,amount,currency\n"
NEW = f"{HEAD}I1,C1,2026-01-05,120,EUR\nI2,C2,2026-02-05,40.50,EUR\nI3,C1,2026-03-05,7,USD"
OLD = f"{HEAD}I1,C1,2026-01-05,100,EUR\nI2,C2,2026-02-05,40.50,EUR"


def told(receipt):
    return [finding for finding in receipt.findings if finding.code == "older"]


def test_a_file_that_ends_earlier_than_the_one_it_replaced_rows_of_is_named(load):
    load(NEW, REVENUE, "new.csv")
    receipt = load(OLD, REVENUE, "old.csv")
    (finding,) = told(receipt)
    assert (finding.rows, finding.money, finding.severity) == (1, {"EUR": Decimal(-20)}, "warn")
    assert finding.sentence in receipt.warnings
    assert finding.sentence == (
        "1 row was replaced by a file that may be an older export: its rows end on 2026-02-05, "
        "those of import 1 on 2026-03-05. EUR 120.00 became 100.00. If it is older, undo this "
        "import; what it replaced then counts again. If it corrects those rows, leave it."
    )


def test_the_newer_export_after_the_older_one_is_no_finding(load):
    load(OLD, REVENUE, "old.csv")
    assert told(load(NEW, REVENUE, "new.csv")) == []


def test_an_older_file_that_replaces_nothing_is_no_finding(load):
    load(NEW, REVENUE, "new.csv")
    assert told(load(f"{HEAD}I9,C1,2026-01-07,5,EUR", REVENUE, "early.csv")) == []
    assert told(load(OLD.replace(",100,", ",120,"), REVENUE, "same.csv")) == []


@pytest.mark.parametrize(
    ("before", "after", "is_older"),
    [
        ("money-2026-03-31.csv", "money-2026-02-28.csv", True),
        ("money_20260331.csv", "money_20260228.csv", True),
        ("money-2026-02-28.csv", "money-2026-03-31.csv", False),
        ("money-2026-03-31.csv", "other-2026-02-28.csv", False),
        ("money-2026-03-31 to 2026-04-30.csv", "money-2026-02-28 to 2026-03-31.csv", False),
        ("money-2026-02-31.csv", "money-2026-02-28.csv", False),
        ("money-920260331.csv", "money-920260228.csv", False),
    ],
)
def test_names_that_differ_in_one_day_only_tell_which_is_older(load, before, after, is_older):
    load(OLD, REVENUE, before)
    found = told(load(OLD.replace(",100,", ",90,"), REVENUE, after))
    assert bool(found) == is_older
    if is_older:
        assert "its name says 2026-02-28, that of import 1 says 2026-03-31" in found[0].sentence
        assert found[0].money == {"EUR": Decimal(-10)}


def test_only_rows_of_the_newer_file_are_counted_and_priced(load):
    load(OLD, REVENUE, "old.csv")
    load(f"{HEAD}I3,C1,2026-05-05,7,USD", REVENUE, "late.csv")
    third = f"{HEAD}I1,C1,2026-01-05,90,EUR\nI2,C2,2026-03-05,1,EUR\nI3,C1,2026-03-05,9,USD"
    (finding,) = told(load(third, REVENUE, "third.csv"))
    assert (finding.rows, finding.money) == (1, {"USD": Decimal(2)})
    assert "those of import 2 on 2026-05-05" in finding.sentence
    assert "import 1" not in finding.sentence


def test_files_without_money_are_told_of_as_well(load):
    mapping = CUSTOMERS.replace('segment = "segment"', 'segment = "segment"\nsince = "since"')
    head = "customer,mail,segment,since\n"
    load(f"{head}C1,a@x,S,2025-01-01\nC2,b@x,S,2026-02-01", mapping, "new.csv")
    (finding,) = told(load(f"{head}C1,a@x,M,2025-01-01", mapping, "old.csv"))
    assert (finding.rows, finding.money) == (1, {})
    assert "those of import 1 on 2026-02-01. If it is older" in finding.sentence
