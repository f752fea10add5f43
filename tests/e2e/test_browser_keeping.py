"""A customer is erased on the page Keeping, as an admin does it, and is found nowhere after it."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from walking import SLOW, press, settle, visit


def names(company: Path, customer: str) -> list[str]:
    """What the demo company calls a customer beside the number."""
    with (company.parent / "files" / "crm_accounts.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["Account ID"] == customer)
    return [row["Account Name"], row["Contact Email"]]


def holding(folder: Path, wanted: list[str]) -> set[str]:
    """Files in whose bytes one of the names stands."""
    return {
        file.name
        for file in folder.rglob("*")
        if file.is_file() and any(name.encode() in file.read_bytes() for name in wanted)
    }


@pytest.mark.promise("P04")
def test_P04_an_erased_customer_is_nowhere_beside_the_database_nor_in_the_list_of_churn(
    page: Page, own_demo: str, company: Path, tmp_path: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, own_demo, "churn")
    listed = page.locator(".st-key-table-risks tbody tr").first
    customer = listed.get_by_text("0", exact=False).first.inner_text()
    wanted = names(company, customer)
    assert "cx.duckdb" in holding(tmp_path, wanted)

    visit(page, own_demo, "keeping")
    page.get_by_role("button", name="Make a backup now").click()
    expect(page.get_by_text("The backup is made")).to_be_visible(timeout=SLOW)
    settle(page)
    page.get_by_label("Customer number, or another name").fill(wanted[1])
    page.get_by_text("Take the customer out of every backup too").click()
    page.get_by_role("button", name="Show what would be erased").click()
    expect(page.get_by_text("Nothing is erased yet")).to_be_visible(timeout=SLOW)
    press(page.get_by_role("button", name="Erase this customer"))
    again = page.get_by_label("Type the same number or name again")
    expect(again).to_be_visible(timeout=SLOW)
    settle(page)
    again.fill(customer)
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("That is not what you typed before")).to_be_visible(timeout=SLOW)
    expect(again).to_have_value("")
    settle(page)
    again.fill(wanted[1])
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("The customer is erased")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("1 backup was written anew without the customer")).to_be_visible()
    settle(page)

    assert holding(tmp_path, wanted) == set()
    shown = page.content()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    for name in (customer, *wanted):
        assert name not in shown + kept
        assert not [url for url in asked if name in url]

    visit(page, own_demo, "churn")
    find = page.get_by_label("Find a customer number or a reason")
    find.fill(customer)
    expect(page.get_by_text("No customer of the list matches these words")).to_be_visible(
        timeout=SLOW
    )
