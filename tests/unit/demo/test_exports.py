import csv
from collections import defaultdict
from decimal import Decimal

import pytest

from cxdash.demo import write
from cxdash.demo.canonical import extracts
from cxdash.demo.exports import FILES, write_world
from cxdash.demo.truth import Truth
from cxdash.intake import Mapping


@pytest.fixture(scope="module")
def folder(company, tmp_path_factory):
    return write_world(tmp_path_factory.mktemp("demo"), company)


def read(path, heads=1):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[heads:]]


def test_the_same_arguments_write_the_same_bytes(tmp_path):
    first, second = (
        write(tmp_path / name, customers=80, months=12, seed=9) for name in ("one", "two")
    )
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(names) == 2 * len(FILES) + 1
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_every_file_holds_the_rows_its_import_must_give(company, folder):
    heads = {"survey_relationship.csv": 3, "survey_support.csv": 2}
    odd = Truth.read(folder).summary["not_to_be_counted"]
    extra = {"survey_relationship.csv": odd["previews"] + odd["unfinished"]}
    assert sum(extra.values()) > 20
    expected = {extract.file: extract.rows for extract in extracts(company)}
    assert tuple(expected) == FILES
    for file, rows in expected.items():
        assert len(read(folder / file, heads.get(file, 1))) == rows + extra.get(file, 0), file


def test_account_numbers_keep_their_leading_zero(company, folder):
    rows = read(folder / "crm_accounts.csv")
    assert [row["Account ID"] for row in rows] == company.customers.ids.tolist()
    assert all(len(row["Account ID"]) == 6 and row["Account ID"][0] == "0" for row in rows)
    assert len({row["Contact Email"] for row in rows}) == len(rows)


def test_control_totals_tie_to_the_invoices_to_the_cent(folder):
    measure = {
        "Subscription": "recurring_revenue",
        "Setup fee": "one_off_revenue",
        "Refund": "refunds",
    }
    sums = defaultdict(Decimal)
    for row in read(folder / "invoices.csv"):
        sums[row["Created (UTC)"][:7], measure[row["Description"]]] += Decimal(row["Amount"])
    totals = [row for row in read(folder / "finance_control_totals.csv") if row["Currency"]]
    assert len(totals) == 3 * 30
    for row in totals:
        assert Decimal(row["Amount"]) == sums.pop((row["Month"][:7], row["Measure"]), Decimal(0))
    assert not sums


def test_the_counted_customers_are_those_with_a_running_term(folder):
    terms = read(folder / "subscriptions.csv")
    counts = {
        row["Month"]: int(row["Amount"])
        for row in read(folder / "finance_control_totals.csv")
        if row["Measure"] == "customers"
    }
    for day, month in (("2024-12-31", "2024-12-01"), ("2026-06-30", "2026-06-01")):
        running = {
            row["Account ID"]
            for row in terms
            if row["Term Start"] <= day and (not row["Term End"] or row["Term End"] > day)
        }
        assert counts[month] == len(running)


def test_refunds_are_negative_rows_of_their_own(folder):
    rows = read(folder / "invoices.csv")
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert (Decimal(row["Amount"]) < 0) == (row["Description"] == "Refund")


def test_the_survey_has_the_three_header_rows_of_its_tool(folder):
    with (folder / "survey_relationship.csv").open(encoding="utf-8-sig", newline="") as file:
        names, texts, ids = (row for row, _ in zip(csv.reader(file), range(3), strict=False))
    assert names[:3] == ["StartDate", "EndDate", "Status"]
    assert "recommend us" in texts[names.index("Q1")]
    assert ids[0] == '{"ImportId":"startDate","timeZone":"UTC"}'
    rows = read(folder / "survey_relationship.csv", 3)
    assert {row["Status"] for row in rows} == {"IP Address", "Survey Preview"}
    assert {row["Finished"] for row in rows} == {"True", "False"}
    groups = {"Detractor": range(7), "Passive": range(7, 9), "Promoter": range(9, 11)}
    assert all(int(row["Q1"]) in groups[row["Q1_NPS_GROUP"]] for row in rows)


def test_comments_hold_line_breaks_and_quotes_as_people_write_them(folder):
    said = [row["Q4"] for row in read(folder / "survey_relationship.csv", 3) if row["Q4"]]
    assert len(set(said)) > 100
    assert any("\n" in text for text in said)
    assert any('"' in text for text in said)


def test_addresses_lie_under_a_domain_kept_for_examples(folder):
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert text.count("@") == text.count("@example.com"), path.name


def test_every_mapping_is_complete_and_names_columns_that_exist(folder):
    for file in FILES:
        text = (folder / "mappings" / file.replace(".csv", ".toml")).read_text(encoding="utf-8")
        mapping = Mapping.from_toml(text)
        with (folder / file).open(encoding="utf-8-sig", newline="") as handle:
            header = next(csv.reader(handle))
        assert not mapping.missing(), file
        assert set(mapping.sources) <= set(header), file
