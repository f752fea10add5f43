"""Whether the customers a file names can be found, and are who they seem to be."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from cxdash.facts.format import counted, number
from cxdash.intake.loading.findings.case import Case, money_of
from cxdash.intake.loading.matching import HOPELESS, LOW_MATCH, unmatched
from cxdash.intake.loading.receipt import Finding
from cxdash.intake.loading.written import amounts

__all__ = ["low_match", "same_people", "shared_names", "two_systems"]

_MUCH: Final = Decimal("0.2")  # share of a file's money beyond which few rows of nobody matter
_WAY_BACK: Final = (
    " If another column of the file names the customer as your other files do, take this import "
    "back, then load the file again with that column as the customer id: on the Import page under "
    "“Correct a column”, on the command line with --answer role:customer_id=COLUMN."
)
_MINE: Final = (
    "SELECT customer_id, order_id FROM responses WHERE is_current AND (import_id = $id OR row_key "
    "IN (SELECT row_key FROM repeats WHERE import_id = $id AND table_name = $kind))"
)
# Ids by which rows of other tables find their customer or their order.
_POINTED_AT: Final = {"customers": "customer_id", "orders": "order_id"}


def low_match(case: Case) -> Iterator[Finding]:
    """Rows, and money, that belong to nobody who is known."""
    found = unmatched(case.cur, case.kind, case.receipt.import_id)
    if found is None:
        return
    if not found.comparable:
        if case.has("customer_id"):
            sentence = "No customers or orders are loaded yet, so nothing could be matched."
            yield Finding("nothing_to_match", found.rows, sentence, "warn")
        return
    lost = found.rows - found.hits
    if not lost:
        return
    share = found.hits / found.rows
    money = _unmatched_money(case, found.lost)
    cost = f" Without a customer: {amounts(money)}." if money and case.money else ""
    if share >= LOW_MATCH:
        # What others paid is no price of a few rows without a name.
        money = money if case.money else {}
        much = case.money and any(
            abs(money.get(one.currency, Decimal(0))) > _MUCH * abs(one.loaded + one.duplicate)
            for one in case.receipt.money
        )
        sentence = (
            f"{counted(lost, 'row belongs', 'rows belong')} to no customer or order that is "
            f"loaded.{cost}"
        )
        yield Finding("low_match", lost, sentence, "warn" if much else "info", money)
        return
    if not found.hits:
        known = f"None of the {counted(found.rows, 'row', 'rows')} belongs"
    else:
        known = f"Only {number(share, 'share')} of the rows belong"
    if money and not case.money:
        cost = (
            f" Customers who are loaded but not named in this file paid {amounts(money)} in the "
            "last twelve months."
        )
    sentence = (
        f"{known} to a customer or order that is loaded. Figures that join these rows with money "
        f"would speak of that part only.{cost}{_WAY_BACK if case.has('customer_id') else ''}"
    )
    yield Finding("low_match", lost, sentence, "stop" if share < HOPELESS else "warn", money)


def _unmatched_money(case: Case, lost: str) -> dict[str, Decimal]:
    """Money of the rows themselves; of a file without money, what customers it misses paid."""
    if case.money:
        rows = case.rows(f"SELECT currency, sum({case.money}) FROM ({lost}) GROUP BY 1")
        return money_of(rows)
    if case.kind != "responses":
        return {}
    return case.paid_by(
        "SELECT customer_id FROM paid WHERE customer_id IS NOT NULL EXCEPT ("
        f"WITH named AS (SELECT r.customer_id FROM ({_MINE}) AS r UNION SELECT o.customer_id FROM "
        f"({_MINE}) AS r JOIN orders AS o ON o.order_id = r.order_id AND o.is_current) "
        "SELECT customer_id FROM named WHERE customer_id IS NOT NULL UNION "
        "SELECT k.customer_id FROM named AS n JOIN customer_keys AS k "
        "ON k.alias = n.customer_id AND k.is_current)"
    )


def two_systems(case: Case) -> Iterator[Finding]:
    """A source keeps rows of two systems apart, but other files name customers by the bare id."""
    role = _POINTED_AT.get(case.kind)
    if role is None:
        return
    sources = {
        number_: tomllib.loads(text).get("source", "")
        for number_, text in case.rows(
            "SELECT import_id, mapping FROM imports WHERE kind = $kind AND undone_at IS NULL"
        )
    }
    others = [one for one, source in sources.items() if source != case.mapping.source]
    count, found = case.rows(
        f"SELECT count(DISTINCT k.{role}), list_sort(list(DISTINCT o.import_id)) "
        f"FROM keyed AS k JOIN {case.kind} AS o ON o.{role} = k.{role} AND o.is_current "
        "WHERE k.standing <> 'rejected' AND list_contains($others::INTEGER[], o.import_id)",
        others=others,
    )[0]
    if not count:
        return
    what = role.removesuffix("_id")
    named = ", ".join(
        f"import {one} ({f'source {sources[one]}' if sources[one] else 'no source'})"
        for one in found
    )
    sentence = (
        f"TWO SYSTEMS USE THE SAME NUMBERS: {counted(count, f'{what} id', f'{what} ids')} of this "
        f"file also {'stands' if count == 1 else 'stand'} in "
        f"{named}. Files that name a {what} do so by the bare number, so nobody can tell which one "
        f"they mean. If both mean the same {what}, undo this import and load it with the same "
        "source; if not, give the numbers of one system a prefix in all of its files and load "
        "them again."
    )
    ids = f"SELECT {role} FROM keyed WHERE standing <> 'rejected'"
    money = case.paid_by(ids) if role == "customer_id" else {}
    yield Finding("two_systems", count, sentence, "stop", money)


def shared_names(case: Case) -> Iterator[Finding]:
    """Other names, such as e-mail addresses, that more than one customer bears."""
    if not case.mapping.aliases:
        return
    shared = (
        "SELECT alias FROM customer_keys WHERE is_current "
        "AND alias IN (SELECT alias FROM alias_rows) "
        "GROUP BY alias HAVING count(DISTINCT customer_id) > 1"
    )
    count = case.rows(f"SELECT count(*) FROM ({shared})")[0][0]
    if not count:
        return
    sentence = (
        f"{counted(count, 'other name', 'other names')} of this file "
        f"{'belongs' if count == 1 else 'belong'} to more than one customer, counting "
        f"the files loaded before, and {'is' if count == 1 else 'are'} not used to match."
    )
    bearers = f"SELECT customer_id FROM customer_keys WHERE is_current AND alias IN ({shared})"
    yield Finding("shared_name", count, sentence, "warn", case.paid_by(bearers))


def same_people(case: Case) -> Iterator[Finding]:
    """Customers of one name under several ids: each of them looks smaller than the whole is."""
    if case.kind != "customers" or not case.has("name"):
        return
    spelled = "trim(lower(regexp_replace(name, '[^\\pL\\pN]+', ' ', 'g')))"
    same = (
        f"SELECT {spelled} AS spelled FROM customers WHERE is_current AND {spelled} <> '' "
        "GROUP BY 1 HAVING count(DISTINCT customer_id) > 1 AND bool_or(import_id = $id)"
    )
    people = f"SELECT customer_id FROM customers WHERE is_current AND {spelled} IN ({same})"
    groups = case.rows(f"SELECT count(*) FROM ({same})")[0][0]
    if not groups:
        return
    count = case.rows(f"SELECT count(*) FROM ({people})")[0][0]
    money = case.paid_by(people)
    paid = f" Together they paid {amounts(money)} in the last twelve months." if money else ""
    sentence = (
        f"{counted(groups, 'name stands', 'names stand')} under more than one customer id "
        f"({counted(count, 'id', 'ids')} in all). If they are the same customers, each counts as "
        f"several small ones, and one that only changed its id looks like a customer lost.{paid}"
    )
    yield Finding("same_people", count, sentence, "warn", money)
