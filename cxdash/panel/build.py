"""Build the panel: the derived tables every question reads, refreshed when the data has
changed.

The panel is derived data. It is rebuilt whole from the canonical tables whenever a committed
write has changed them or another version of the program built it, inside one transaction, and holds
nothing that a question could not rebuild.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cxdash.errors import DataError
from cxdash.facts.definitions import definition, score_variants
from cxdash.panel.gaps import usual_gap, whole_months
from cxdash.panel.relations import month_end, month_index, recipe, relation
from cxdash.store import Database, Reader, Snapshot

__all__ = ["IDLE_MONTHS", "MEMORY_MONTHS", "Panel", "panel", "settled", "stamp"]

GAP_DAYS: Final = 31  # a new contract within a month of the old one is the same customer staying
#: Without contracts, and with too few second purchases to learn the usual wait from: gone after so
#: many months without a purchase.
IDLE_MONTHS: Final = 6
MEMORY_MONTHS: Final = 12  # an answer older than this no longer describes the customer
LONGEST_MONTHS: Final = 120
_TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel was built on.

    Parameters
    ----------
    loaded_version
        Version of the canonical data.
    currency
        Reporting currency, None without money.
    contractual
        Whether spells come from subscriptions; otherwise from purchases and ``idle_months``.
    idle_months
        Months without a purchase after which a customer without a contract counts as gone: as
        set, else what holds nine of ten waits between two purchases, at most a year.
    usual_gap_days
        What nine of ten waits between two purchases do not exceed, each customer who bought again
        counting once; None with contracts, or with too few second purchases to tell.
    first_month, last_month
        Month indices the panel covers; ``last_month`` is the last month the data covers whole.
    newest_day
        The newest day of anything loaded, which may lie after what customers paid ends.
    """

    loaded_version: int
    currency: str | None
    contractual: bool
    idle_months: int
    usual_gap_days: int | None
    first_month: int | None
    last_month: int | None
    newest_day: date | None

    @property
    def last_day(self) -> date | None:
        return None if self.last_month is None else month_end(self.last_month)


def panel(db: Database) -> Panel:
    """The panel for the data as it is now, built if the data has changed since.

    Building reads one committed state of the data and waits for no import; a build that another
    thread has begun is waited for.
    """
    with db.cursor() as cur:
        known = _stamp_if_fresh(cur)
    if known:
        return known
    with db.deriving() as cur:
        known = _stamp_if_fresh(cur)
        return known or _build(cur)


@contextmanager
def settled(db: Database) -> Iterator[Snapshot]:
    """One committed state of the data together with the panel built on it.

    Raises
    ------
    DataError
        Imports keep finishing faster than the panel can be built.
    """
    for _ in range(_TRIES):
        panel(db)
        with db.snapshot() as view:
            if stamp(view):
                yield view
                return
    raise DataError(
        "The data keeps changing while the answer is being worked out.",
        state="Nothing is wrong with the data.",
        do_next="Ask again when the imports under way are done.",
    )


def stamp(view: Reader) -> Panel | None:
    """What the panel in sight was built on; None if it was never built or the data moved on."""
    with view.cursor() as cur:
        return _stamp_if_fresh(cur)


def _stamp_if_fresh(cur: Any) -> Panel | None:
    made_so = _one(
        cur,
        "SELECT count(*) = 2 FROM information_schema.columns "
        "WHERE table_name = 'panel_stamp' AND column_name IN ('recipe', 'loaded_version')",
    )
    if not made_so or _one(cur, "SELECT recipe FROM panel_stamp") != recipe():
        return None
    names = list(Panel.__dataclass_fields__)
    row = cur.execute(f"SELECT {', '.join(names)} FROM panel_stamp").fetchall()[0]
    known = Panel(**dict(zip(names, row, strict=True)))
    return known if known.loaded_version == _version(cur) else None


def _version(cur: Any) -> int:
    return int(_one(cur, "SELECT value FROM store_info WHERE name = 'loaded_version'"))


def _build(cur: Any) -> Panel:
    currency = _setting(cur, "reporting_currency") or _commonest_currency(cur)
    code = currency or "XXX"
    contractual = bool(_one(cur, "SELECT count(*) FROM subscriptions WHERE is_current"))

    def create(name: str, source: str, *, kind: str = "TABLE", **values: Any) -> None:
        cur.execute(f"CREATE OR REPLACE {kind} panel_{name} AS {relation(source, **values)}")

    create("links", "links")
    create("people", "people")
    create("purchases", "purchases")
    create("rates", "rates", currency=code)
    create("money", "money", currency=code)
    create("contracts", "contracts", currency=code)
    create("bought", "bought")
    gap = None if contractual else usual_gap(cur)
    idle = int(_setting(cur, "idle_months") or (whole_months(gap) if gap else IDLE_MONTHS))
    if contractual:
        create("spells", "spells_contract", gap_days=GAP_DAYS)
    else:
        create("spells", "spells_purchase", idle_months=idle)
    _create_bands(cur)
    create("answers", "answers")
    first, last, newest = _months(cur)
    _create_months(cur, first, last)
    create("terms", "terms")
    create("takings", "takings")
    # Steps of their own keep what is held at a time small; nobody else reads them.
    create("standing", "standing", kind="TEMPORARY TABLE")
    create("past_year", "past_year", kind="TEMPORARY TABLE")
    create("customer_months", "customer_months", currency=code)
    cur.execute("DROP TABLE panel_past_year")
    cur.execute("DROP TABLE panel_standing")
    built = Panel(_version(cur), currency, contractual, idle, gap, first, last, newest)
    marks = ", ".join(f"? AS {name}" for name in Panel.__dataclass_fields__)
    cur.execute(
        f"CREATE OR REPLACE TABLE panel_stamp AS SELECT {marks}, ? AS recipe",
        [*(getattr(built, name) for name in Panel.__dataclass_fields__), recipe()],
    )
    return built


def _setting(cur: Any, name: str) -> str | None:
    found = cur.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchall()
    return str(found[0][0]) if found else None


def _commonest_currency(cur: Any) -> str | None:
    found = cur.execute(
        "SELECT currency FROM (SELECT currency FROM revenue WHERE is_current UNION ALL "
        "SELECT currency FROM subscriptions WHERE is_current AND currency IS NOT NULL) "
        "GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1"
    ).fetchall()
    return str(found[0][0]) if found else None


def _create_bands(cur: Any) -> None:
    cur.execute(
        "CREATE OR REPLACE TABLE panel_bands (variant VARCHAR, high_is_good BOOLEAN, band VARCHAR, "
        "label VARCHAR, position INTEGER, value_low DOUBLE, value_high DOUBLE)"
    )
    rows = []
    for entry in (definition(variant) for variant in score_variants()):
        # The same scale asked the other way round: the bands are mirrored on the scale.
        mirror = (entry.scale_low or 0.0) + (entry.scale_high or 0.0)
        for position, band in enumerate(entry.bands):
            name = (entry.variant, entry.high_is_good, band.name, band.label, position)
            rows.append((*name, band.low, band.high))
            turned = (entry.variant, not entry.high_is_good, band.name, band.label, position)
            rows.append((*turned, mirror - band.high, mirror - band.low))
    cur.executemany("INSERT INTO panel_bands VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _months(cur: Any) -> tuple[int | None, int | None, date | None]:
    """First month, the last month the data covers whole, and the newest day of anything.

    What customers pay decides where the data ends: answers that go on after the last invoice do
    not make those customers non-payers. A month counts as covered when something that happened is
    dated in its last five days: daily sources end on the last day, and monthly invoices of the
    current month alone do not make it whole. A contract that starts in the future has not happened.
    """
    paid = _one(
        cur,
        "SELECT max(day) FROM (SELECT max(dated) AS day FROM panel_money "
        "UNION ALL SELECT max(ordered_on) FROM panel_purchases)",
    )
    newest = _one(
        cur,
        """
        SELECT coalesce(
            max(day),
            (SELECT max(started_on) FROM panel_contracts
             WHERE started_on <= (SELECT max(imported_at) FROM imports))
        ) FROM (
            SELECT max(dated) AS day FROM panel_money
            UNION ALL SELECT max(ordered_on) FROM panel_purchases
            UNION ALL SELECT max(CAST(contacted_at AS DATE)) FROM contacts WHERE is_current
            UNION ALL SELECT max(answered_on) FROM panel_answers
        )""",
    )
    first = _one(
        cur,
        """
        SELECT min(day) FROM (
            SELECT min(started_on) AS day FROM panel_spells
            UNION ALL SELECT min(dated) FROM panel_money
            UNION ALL SELECT min(answered_on) FROM panel_answers
        )""",
    )
    if first is None or newest is None:
        return None, None, None
    last_month = _last_whole_month(newest)
    if paid is not None and month_index(paid) < last_month:
        last_month = _last_whole_month(paid)
    return max(month_index(first), last_month - LONGEST_MONTHS), last_month, newest


def _last_whole_month(day: date) -> int:
    month = month_index(day)
    return month if (month_end(month) - day).days < 5 else month - 1


def _create_months(cur: Any, first: int | None, last: int | None) -> None:
    cur.execute(
        "CREATE OR REPLACE TABLE panel_months (month INTEGER, starts_on DATE, ends_on DATE)"
    )
    if first is None or last is None or last < first:
        return
    cur.executemany(
        "INSERT INTO panel_months VALUES (?, ?, ?)",
        [
            (m, date.fromordinal(month_end(m - 1).toordinal() + 1), month_end(m))
            for m in range(first, last + 1)
        ],
    )


def _one(cur: Any, sql: str) -> Any:
    return cur.execute(sql).fetchall()[0][0]
