"""A small company straight in the tables, with an import behind every row."""

import hashlib
import json

from cxdash.store import Database, Place
from cxdash.store.content import content

MAPPINGS = {
    "customers": ('[columns]\ncustomer_id = "id"\nname = "name"\n', ["id", "name"]),
    "revenue": (
        '[columns]\ncustomer_id = "who"\namount = "amount"\ndated = "day"\n',
        ["who", "amount", "day"],
    ),
    "responses": (
        '[columns]\ncustomer_id = "person"\nanswered_at = "at"\n',
        ["person", "at", "nps", "why"],
    ),
}
LINEAGE = "{key} AS row_key, md5({key}) AS row_hash, {file} AS import_id, n AS line_no, true"
CUSTOMERS = """
    INSERT INTO customers BY NAME SELECT 'C-' || n AS customer_id, 'Person ' || n AS name,
      'SMB' AS segment, DATE '2023-01-01' AS since, {lineage} AS is_current
    FROM range(2, {end}) AS r(n);
    INSERT INTO raw_rows SELECT {file}, n, ['C-' || n, 'Person ' || n], 'loaded', NULL
    FROM range(2, {end}) AS r(n)
"""
REVENUE = """
    INSERT INTO revenue BY NAME SELECT 'C-' || (2 + n % 40) AS customer_id,
      DATE '2024-01-01' + CAST(n % 600 AS INTEGER) AS dated,
      CAST(n % 97 + 0.25 AS DECIMAL(18,4)) AS amount, 'USD' AS currency,
      'recurring' AS revenue_kind, {lineage} AS is_current
    FROM range(2, {end}) AS r(n);
    INSERT INTO raw_rows SELECT {file}, n, ['C-' || (2 + n % 40), CAST(n % 97 AS VARCHAR), ''],
      'loaded', NULL
    FROM range(2, {end}) AS r(n)
"""
RESPONSES = """
    INSERT INTO responses BY NAME SELECT 'R' || {file} || '-' || n AS response_id,
      'C-' || (2 + n % 40) AS customer_id,
      TIMESTAMP '2024-01-01 09:00' + to_hours(CAST(n % 9000 AS INTEGER)) AS answered_at,
      {lineage} AS is_current
    FROM range(2, {end}) AS r(n);
    INSERT INTO scores SELECT 'nps', 'nps.0-10', n % 11, 0, 10, true, {key}, {file}, n, true
    FROM range(2, {end}) AS r(n);
    INSERT INTO comments SELECT 'why',
      'Said by C-' || (2 + n % 40) || ' ' || md5(CAST(n AS VARCHAR)), {key}, {file}, n, true
    FROM range(2, {end}) AS r(n) WHERE n % 3 = 0;
    INSERT INTO raw_rows SELECT {file}, n, ['C-' || (2 + n % 40), '', CAST(n % 11 AS VARCHAR),
      'Said by C-' || (2 + n % 40)], 'loaded', NULL
    FROM range(2, {end}) AS r(n)
"""
STATEMENTS = {"customers": CUSTOMERS, "revenue": REVENUE, "responses": RESPONSES}


def load(db: Database, kind: str, rows: int) -> int:
    """Rows of a kind as an import would leave them; the number of the import."""
    mapping, columns = MAPPINGS[kind]
    with db.writing() as cur:
        number = cur.execute("SELECT nextval('import_ids')").fetchall()[0][0]
        parts = {"file": number, "end": rows + 2, "key": f"'{kind}-{number}-' || n"}
        parts["lineage"] = LINEAGE.format(**parts)
        cur.execute(STATEMENTS[kind].format(**parts))
        money = []
        if kind == "revenue":
            total = cur.execute(
                f"SELECT sum(amount) FROM revenue WHERE import_id = {number}"
            ).fetchall()[0][0]
            money = [{"currency": "USD", "read": str(total), "loaded": str(total), "replaced": "0"}]
        cur.execute(
            "INSERT INTO imports SELECT $id, $kind, $kind || '.csv', NULL, $sha, 1, 'l', $mapping, "
            "$columns, 'unknown', false, $rows, $rows, 0, 0, 0, $receipt, now()::TIMESTAMP, NULL",
            {
                "id": number,
                "kind": kind,
                "sha": hashlib.sha256(f"{kind} {number}".encode()).hexdigest(),
                "mapping": f'kind = "{kind}"\n{mapping}',
                "columns": columns,
                "rows": rows,
                "receipt": json.dumps({"rejects": [], "money": money}),
            },
        )
    return int(number)


def filled(path, *, rows: int = 4_000) -> Database:
    """An open database with customers, revenue and answers."""
    db = Database(path)
    load(db, "customers", 40)
    load(db, "revenue", rows)
    load(db, "responses", rows)
    return db


def held(db: Database):
    """Counts and hashes of every table."""
    with db.cursor() as cur:
        return content(cur)


def files(place: Place) -> list:
    """The database file and its log, where there are any."""
    return [path for path in (place.file, place.log) if path.exists()]
