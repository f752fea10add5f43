"""What each export means: the canonical rows an import of it must give.

This is the second road into the store. Tests hold that both roads lead to the same rows; checks
over hundreds of seeds take this one because it is faster.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from cxdash.demo import register
from cxdash.demo.company import (
    CURRENCY,
    INDUSTRIES,
    ITEMS,
    PLANS,
    REGIONS,
    SEGMENTS,
)
from cxdash.demo.names import account_names, addresses, desk
from cxdash.demo.pilots import roster
from cxdash.demo.world import World
from cxdash.facts.definitions import definition
from cxdash.store import CANONICAL, Database

__all__ = ["SIGNED_BY", "VARIANTS", "Extract", "accounts", "extracts", "fill"]

SIGNED_BY: Final = "Finance controller"
#: Variant of each score item. ``relationship_health`` is typed in by the account manager.
VARIANTS: Final = {
    **dict.fromkeys(ITEMS, "rating.1-5"),
    "nps": "nps.0-10",
    "ces": "ces.1-7.agree",
    "relationship_health": "rating.1-5",
    "csat": "csat.1-5.top2",
    "fcr": "fcr.survey",
    "service": "rating.1-5",
}


@dataclass(frozen=True, slots=True)
class Extract:
    """One file: its kind and its canonical rows by table.

    The frame of the kind's own table has a column ``row_key``; frames that hang on it (scores,
    comments, customer_keys) carry the same keys. Money columns hold whole cents.
    """

    file: str
    kind: str
    rows: int
    tables: dict[str, pd.DataFrame]


def accounts(world: World) -> pd.DataFrame:
    """The customer list, with each account's e-mail address in ``alias``."""
    who = world.customers
    names = account_names(who.count, np.random.default_rng([world.seed, 1]))
    earned = np.where(who.earned, "earned", "bought").astype(object)
    earned[who.start_month < -48] = None  # nobody wrote it down in the early years
    return pd.DataFrame(
        {
            "customer_id": who.ids,
            "name": names,
            "segment": np.array(SEGMENTS)[who.segment],
            "plan": np.array(PLANS)[who.plan],
            "region": np.array(REGIONS)[who.region],
            "industry": np.array(INDUSTRIES)[who.industry],
            "owner": [desk(int(number)) for number in who.owner],
            "since": who.started_on,
            "acquired_by": earned,
            "alias": addresses(names, who.ids.tolist()),
        }
    )


def extracts(world: World) -> Iterator[Extract]:
    """All exports in the order in which they are loaded: customers first."""
    people = accounts(world)
    yield _keyed(
        "crm_accounts.csv", "customers", people.drop(columns="alias"), ["customer_id"],
        customer_keys=people[["alias", "customer_id"]],
    )  # fmt: skip
    yield _keyed("subscriptions.csv", "subscriptions", _subscriptions(world), ["subscription_id"])
    yield _keyed("invoices.csv", "revenue", _revenue(world), ["invoice_id"])
    answers = world.relationship[world.relationship["status"] == "answer"]
    yield _survey(
        "survey_relationship.csv",
        answers.assign(survey="relationship", channel="email"),
        (*ITEMS, "nps", "ces", "relationship_health"),
    )
    yield _survey(
        "survey_support.csv",
        world.support.answers.assign(
            survey="support",
            touchpoint="support ticket",
            # This tool knows people by their address only.
            customer_id=world.support.answers["customer_id"].map(
                people.set_index("customer_id")["alias"]
            ),
        ),
        ("csat", "fcr"),
    )
    yield _survey("survey_exit.csv", world.exits.assign(survey="exit"), ("nps", "service"))
    yield _keyed(
        "invitations.csv", "invitations", world.invitations.assign(channel="email"),
        ["invitation_id"],
    )  # fmt: skip
    tickets = world.support.tickets.assign(cost=world.support.tickets["cost_cents"])
    yield _keyed("tickets.csv", "contacts", tickets.assign(currency=CURRENCY), ["contact_id"])
    yield _keyed("team_engagement.csv", "teams", world.support.teams, ["unit", "period"])
    yield _keyed("pilot_roster.csv", "pilot_roster", roster(world), ["pilot", "customer_id"])
    yield _keyed(
        "finance_control_totals.csv", "control_totals", _totals(world), ["period", "measure"]
    )
    yield _keyed("events.csv", "events", register.events(world), ["event_id"])
    yield _keyed(
        "metric_register.csv", "metric_register", register.metric_register(world), ["metric"]
    )


def fill(db: Database, world: World) -> None:
    """Put the canonical rows of every export into ``db`` in one transaction, as demo data."""
    with db.writing() as cur:
        for extract in extracts(world):
            import_id = _record_import(cur, world, extract)
            for table, rows in extract.tables.items():
                _insert(cur, table, rows, import_id)


def _subscriptions(world: World) -> pd.DataFrame:
    frame = world.subscriptions
    return frame.assign(
        plan=np.array(PLANS)[frame["plan_code"].to_numpy()],
        monthly_amount=frame["cents"],
        currency=CURRENCY,
    )


def _revenue(world: World) -> pd.DataFrame:
    frame = world.invoices
    return frame.assign(amount=frame["cents"], currency=CURRENCY, revenue_kind=frame["kind"])


def _totals(world: World) -> pd.DataFrame:
    frame = world.control_totals
    money = frame["is_money"]
    return frame.assign(
        amount=np.where(money, frame["value"], frame["value"] * 100),
        currency=money.map({True: CURRENCY}).where(money, None),
        signed_by=SIGNED_BY,
    )


def _keyed(
    file: str, kind: str, frame: pd.DataFrame, key: list[str], **hanging: pd.DataFrame
) -> Extract:
    row_key = frame[key[0]].astype(str)
    for part in key[1:]:
        row_key = row_key + "|" + frame[part].astype(str)
    table = frame[[name for name in CANONICAL[kind].types if name in frame]]
    tables = {kind: table.assign(row_key=row_key.to_numpy())}
    for name, rows in hanging.items():
        tables[name] = rows.assign(row_key=row_key.to_numpy())
    return Extract(file, kind, len(frame), tables)


def _survey(file: str, answers: pd.DataFrame, items: tuple[str, ...]) -> Extract:
    """Responses with a row a score answered and a row a comment written."""
    base = _keyed(file, "responses", answers, ["response_id"])
    long = answers.melt("response_id", list(items), "item", "value").dropna(subset="value")
    variant = long["item"].map(VARIANTS)
    meant = {name: definition(name) for name in variant.unique()}
    scores = pd.DataFrame(
        {
            "item": long["item"],
            "variant": variant,
            "value": long["value"].astype(float),
            "scale_low": variant.map({name: entry.scale_low for name, entry in meant.items()}),
            "scale_high": variant.map({name: entry.scale_high for name, entry in meant.items()}),
            "high_is_good": True,
            "row_key": long["response_id"],
        }
    )
    said = answers.dropna(subset="comment")
    comments = pd.DataFrame(
        {"item": "comment", "body": said["comment"], "row_key": said["response_id"]}
    )
    tables = {**base.tables, "scores": scores, "comments": comments}
    return Extract(file, "responses", len(answers), tables)


def _record_import(cur: duckdb.DuckDBPyConnection, world: World, extract: Extract) -> int:
    cur.execute("SELECT nextval('import_ids')")
    import_id = int(cur.fetchall()[0][0])
    name = f"{extract.file} of seed {world.seed}"
    cur.execute(
        "INSERT INTO imports BY NAME SELECT ? AS import_id, ? AS kind, ? AS file_name, "
        "? AS sha256, 0 AS bytes, '' AS layout, '' AS mapping, CAST([] AS VARCHAR[]) AS columns, "
        "'complete' AS completeness, true AS is_demo, ? AS rows_read, ? AS rows_loaded, "
        "0 AS rows_superseding, 0 AS rows_duplicate, 0 AS rows_rejected, '{}' AS receipt, "
        "CAST(? AS TIMESTAMP) AS imported_at",
        [
            import_id,
            extract.kind,
            extract.file,
            hashlib.sha256(name.encode()).hexdigest(),
            extract.rows,
            extract.rows,
            datetime.now(UTC).replace(tzinfo=None),
        ],
    )
    return import_id


def _insert(cur: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame, import_id: int) -> None:
    """Append canonical rows; whole cents become DECIMAL without passing through a float."""
    columns, values = [], []
    for name, kind in CANONICAL[table].types.items():
        if name not in rows:
            continue
        columns.append(f'"{name}"')
        if kind.startswith("DECIMAL"):
            cents = f'CAST("{name}" AS DECIMAL(16, 0))'
            values.append(f"CAST({cents} * CAST(0.01 AS DECIMAL(3, 2)) AS {kind})")
        else:
            values.append(f'CAST("{name}" AS {kind})')
    columns += ["row_key", "import_id", "line_no", "is_current"]
    values += ["row_key", "CAST(? AS INTEGER)", "row_number() OVER () + 1", "true"]
    if table not in ("scores", "comments"):
        columns.append("row_hash")
        values.append("md5(row_key)")
    cur.register("demo_rows", rows)
    cur.execute(
        f'INSERT INTO "{table}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM demo_rows',
        [import_id],
    )
    cur.unregister("demo_rows")
