"""Days that cannot be, or leave holes: answers before their event, ends before starts, gaps."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from cxdash.facts.format import counted, listed
from cxdash.intake.loading.findings.case import PAID, Case, money_of
from cxdash.intake.loading.receipt import Finding
from cxdash.intake.loading.written import amounts
from cxdash.store.tables import DAY

__all__ = ["ahead", "backwards", "before_event", "gaps"]

_TOLD: Final = 6
_SHORT: Final = 3  # months of history below which nobody can speak of a gap
_LOADED: Final = "standing IN ('new', 'superseding')"
# Two days of one kind of row, the first of which cannot come after the second.
_ORDERED: Final = {
    "subscriptions": ("started_on", "ended_on", "end before they start", "ends before it starts"),
    "orders": (
        "ordered_at",
        "delivered_at",
        "were delivered before they were ordered",
        "was delivered before it was ordered",
    ),
}


def before_event(case: Case) -> Iterator[Finding]:
    """Answers given before the order they are about, or before their customer was one."""
    mine = "(r.import_id = $id OR e.import_id = $id)"
    if case.kind in ("responses", "orders"):
        yield from _early(
            case,
            "SELECT DISTINCT r.row_key, r.customer_id FROM responses AS r JOIN orders AS e "
            "ON e.order_id = r.order_id AND e.is_current WHERE r.is_current "
            f"AND CAST(r.answered_at AS DATE) < CAST(e.ordered_at AS DATE) AND {mine}",
            "the order they are about",
        )
    if case.kind in ("responses", "customers"):
        yield from _early(
            case,
            "SELECT DISTINCT r.row_key, r.customer_id FROM responses AS r JOIN customers AS e "
            "ON e.customer_id = r.customer_id AND e.is_current WHERE r.is_current "
            f"AND CAST(r.answered_at AS DATE) < e.since AND {mine}",
            "the day since when their customer is one",
        )
    if case.kind == "responses":
        yield from _early(
            case,
            # Before the first revenue that is loaded nobody could have paid anything.
            f"WITH paid AS ({PAID}), first AS (SELECT customer_id, min(dated) AS dated FROM paid "
            "GROUP BY 1) SELECT DISTINCT r.row_key, r.customer_id FROM responses AS r JOIN first "
            "AS e ON e.customer_id = r.customer_id WHERE r.is_current AND r.import_id = $id "
            "AND date_trunc('month', r.answered_at) < date_trunc('month', e.dated) AND "
            "date_trunc('month', r.answered_at) >= (SELECT date_trunc('month', min(dated)) "
            "FROM paid)",
            "the first month in which their customer paid anything",
            "Either their customer had not bought yet, or was invoiced before the revenue that is "
            "loaded, or one of the two days or ids is wrong.",
        )


def _early(
    case: Case,
    found: str,
    event: str,
    why: str = "One of the two days is wrong, or the ids are of different things.",
) -> Iterator[Finding]:
    count = case.rows(f"SELECT count(*) FROM ({found})")[0][0]
    if not count:
        return
    money = case.paid_by(f"SELECT customer_id FROM ({found})")
    cost = f" Their customers paid {amounts(money)} in the last twelve months." if money else ""
    sentence = f"{counted(count, 'answer was', 'answers were')} given before {event}. {why}{cost}"
    yield Finding("before_event", count, sentence, "warn", money)


def backwards(case: Case) -> Iterator[Finding]:
    """Rows whose end lies before their beginning."""
    if case.kind not in _ORDERED:
        return
    first, second, many, one = _ORDERED[case.kind]
    if not case.has(first, second):
        return
    where = f"{_LOADED} AND CAST({second} AS DATE) < CAST({first} AS DATE)"
    count = case.rows(f"SELECT count(*) FROM keyed WHERE {where}")[0][0]
    if not count:
        return
    money = (
        money_of(
            case.rows(f"SELECT currency, sum({case.money}) FROM keyed WHERE {where} GROUP BY 1")
        )
        if case.money
        else case.paid_by(f"SELECT customer_id FROM keyed WHERE {where}")
    )
    what = "a month" if case.money else "paid by their customers in the last twelve months"
    cost = f" It concerns {amounts(money)} {what}." if money else ""
    rows = counted(count, f"loaded row {one}", f"loaded rows {many}")
    yield Finding("backwards", count, f"{rows}.{cost}", "warn", money)


def ahead(case: Case) -> Iterator[Finding]:
    """Contracts that only begin after today: no revenue yet."""
    if case.kind != "subscriptions":
        return
    where = f"{_LOADED} AND started_on > $today"
    count = case.rows(f"SELECT count(*) FROM keyed WHERE {where}", today=case.today)[0][0]
    if not count:
        return
    money = {}
    if case.money:
        rows = case.rows(
            f"SELECT currency, sum({case.money}) FROM keyed WHERE {where} GROUP BY 1",
            today=case.today,
        )
        money = money_of(rows)
    cost = f", {amounts(money)} a month," if money else ""
    sentence = (
        f"{counted(count, 'subscription', 'subscriptions')}{cost} only "
        f"{'starts' if count == 1 else 'start'} after today and "
        f"{'counts' if count == 1 else 'count'} from then on."
    )
    yield Finding("ahead", count, sentence, "info", money)


def gaps(case: Case) -> Iterator[Finding]:
    """Months without a row between the first and the last month that is loaded."""
    if case.kind not in ("revenue", "responses"):
        return
    day = DAY[case.kind]
    source = f"({PAID})" if case.kind == "revenue" else "responses WHERE is_current"
    found = case.rows(
        f"SELECT DISTINCT CAST(date_trunc('month', {day}) AS DATE) FROM {source} "
        f"{'WHERE' if case.kind == 'revenue' else 'AND'} {day} IS NOT NULL ORDER BY 1"
    )
    months = [_number(row[0]) for row in found]
    if not months or months[-1] - months[0] < _SHORT:
        return
    missing = sorted(set(range(months[0], months[-1])) - set(months))
    if not missing:
        return
    named = [f"{at // 12}-{at % 12 + 1:02}" for at in missing[:_TOLD]]
    if len(missing) > _TOLD:
        named.append(f"{len(missing) - _TOLD:,} more")
    what = "revenue" if case.kind == "revenue" else "answers"
    effect = (
        "A month without revenue reads as if everybody had paused."
        if case.kind == "revenue"
        else "Nothing can be said about them."
    )
    sentence = (
        f"{counted(len(missing), 'month', 'months')} inside the history "
        f"{'has' if len(missing) == 1 else 'have'} no {what}: {listed(named)}. {effect}"
    )
    yield Finding("gap", 0, sentence, "warn")


def _number(month: date) -> int:
    return 12 * month.year + month.month - 1
