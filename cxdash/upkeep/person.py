"""Who is meant: a customer's numbers, other names and orders, and the lines that hold them.

A name that two customers share belongs to neither: rows under it stay, and that is said.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from cxdash.errors import UsageError
from cxdash.store import CANONICAL

__all__ = ["Person", "find", "lines", "mentions", "spots"]

_Cursor = duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Person:
    """One customer.

    Parameters
    ----------
    names
        The customer number and its other names.
    orders
        Numbers of orders that are this customer's alone.
    shared
        How many other names also belong to somebody else.
    called
        What people call the customer in what they write, as the list of customers has it; not what
        others are called too.
    """

    names: tuple[str, ...]
    orders: tuple[str, ...]
    shared: int
    called: tuple[str, ...] = ()


def find(cur: _Cursor, customer: str) -> Person:
    """The person behind a customer number or another name of a customer.

    Raises
    ------
    UsageError
        The name belongs to several customers.
    """
    numbers = {customer} if _is_number(cur, customer) else set()
    owners = _owners(cur, customer)
    if not numbers and len(owners) > 1:
        raise UsageError(
            f"{len(owners)} customers go by that name.",
            state="Nothing was changed.",
            do_next="Give the customer number of the one to erase.",
        )
    numbers |= owners if len(owners) == 1 else set()
    names = numbers | {customer}
    found = cur.execute(
        "SELECT alias, count(DISTINCT customer_id) > 1 OR alias IN (SELECT customer_id FROM "
        "customers WHERE customer_id NOT IN (SELECT unnest($names))) FROM customer_keys "
        "WHERE alias IN (SELECT alias FROM customer_keys "
        "WHERE customer_id IN (SELECT unnest($names))) GROUP BY alias",
        {"names": sorted(names)},
    ).fetchall()
    names |= {alias for alias, is_shared in found if not is_shared}
    called = _called(cur, sorted(names))
    return Person(
        tuple(sorted(names)),
        tuple(_orders(cur, sorted(names))),
        sum(is_shared for _, is_shared in [*found, *called]),
        tuple(name for name, is_shared in called if not is_shared),
    )


def _called(cur: _Cursor, names: Sequence[str]) -> list[tuple[str, bool]]:
    """Every name the list of customers ever had for them, and whether others are called so too."""
    return cur.execute(
        "SELECT name, bool_or(customer_id NOT IN (SELECT unnest($names))) FROM customers "
        "WHERE name IN (SELECT name FROM customers WHERE customer_id IN (SELECT unnest($names))) "
        "AND trim(name) <> '' GROUP BY name ORDER BY name",
        {"names": list(names)},
    ).fetchall()


def lines(cur: _Cursor, person: Person) -> list[tuple[int, int]]:
    """Import and line of every raw row that names the person, loaded or not."""
    found: set[tuple[int, int]] = set()
    for number, columns, text in cur.execute(
        "SELECT import_id, columns, mapping FROM imports"
    ).fetchall():
        named, ordered = spots(text, columns)
        found |= _lines(cur, number, person.names, named, len(columns))
        found |= _lines(cur, number, person.orders, ordered, len(columns))
    return sorted(found)


def spots(mapping: str, columns: Sequence[str]) -> tuple[list[int], list[int]]:
    """Places, counted from one, of the raw cells that name a customer, and of those of orders."""
    document = tomllib.loads(mapping)
    roles = {
        role: spec if isinstance(spec, str) else str(spec.get("column", ""))
        for role, spec in document.get("columns", {}).items()
    }
    named = {roles.get("customer_id"), *document.get("aliases", [])}
    ordered = {roles.get("order_id")}
    return (
        [at for at, name in enumerate(columns, start=1) if name in named],
        [at for at, name in enumerate(columns, start=1) if name in ordered],
    )


def mentions(cur: _Cursor, person: Person) -> int:
    """Comments in which one of the person's names stands, short names left out."""
    spoken = [name for name in (*person.names, *person.called) if len(name) >= 4]
    if not spoken:
        return 0
    found = cur.execute(
        "SELECT count(*) FROM comments WHERE EXISTS (SELECT 1 FROM "
        "(SELECT unnest($names) AS name) AS n WHERE contains(lower(body), lower(n.name)))",
        {"names": spoken},
    ).fetchall()
    return int(found[0][0])


def _lines(
    cur: _Cursor, number: int, names: tuple[str, ...], places: list[int], width: int
) -> set[tuple[int, int]]:
    if not names or not places:
        return set()
    tests = " OR ".join(f"trim(cells[{spot}]) IN (SELECT unnest($names))" for spot in places)
    # A row that does not line up with the header stands whole behind its empty cells.
    whole = "list_has_any(regexp_split_to_array(cells[-1], '\\s*[,;|\\t\"]\\s*'), $names)"
    rows = cur.execute(
        f"SELECT line_no FROM raw_rows WHERE import_id = $id AND ({tests} "
        f"OR (len(cells) > $width AND {whole}))",
        {"id": number, "names": list(names), "width": width},
    ).fetchall()
    return {(number, row[0]) for row in rows}


def _is_number(cur: _Cursor, customer: str) -> bool:
    return any(
        cur.execute(
            f"SELECT 1 FROM {name} WHERE customer_id = $customer LIMIT 1", {"customer": customer}
        ).fetchall()
        for name, table in CANONICAL.items()
        if "customer_id" in table.types and name != "customer_keys"
    )


def _owners(cur: _Cursor, alias: str) -> set[str]:
    found = cur.execute(
        "SELECT DISTINCT customer_id FROM customer_keys WHERE alias = $alias", {"alias": alias}
    ).fetchall()
    return {row[0] for row in found}


def _orders(cur: _Cursor, names: list[str]) -> list[str]:
    """Orders of the person and of nobody else."""
    found = cur.execute(
        "SELECT order_id FROM orders GROUP BY order_id "
        "HAVING bool_and(customer_id IN (SELECT unnest($names))) ORDER BY 1",
        {"names": names},
    ).fetchall()
    return [row[0] for row in found]
