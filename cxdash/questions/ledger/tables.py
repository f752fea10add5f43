"""The rows of the ledger, and the same dollars seen by the team that acted and by CX's role."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from cxdash.facts import Chart, Fact, Row
from cxdash.facts import format as fmt
from cxdash.facts.grade import worst
from cxdash.panel import month_end
from cxdash.questions.ledger.count import Counted, LineMonth
from cxdash.questions.ledger.findings import Findings, grouped, range_of, total
from cxdash.register.kinds.initiatives import STATUSES
from cxdash.register.kinds.ledger import CX_ROLES, DELIVERED, FUNDED

__all__ = ["charts", "tables", "why_not"]

_CENTS: Final = 100
_NOTHING: Final = "cannot_tell"
_DRAWN: Final = ("verified.save", "verified.make", "indicated", "cost")


def tables(found: Findings, facts: Sequence[Fact]) -> dict[str, Sequence[Row]]:
    """All tables; but for ``claims`` those without rows are left out."""
    rows = found.rows
    built: dict[str, list[Row]] = {
        "sums": [_sum(fact) for fact in facts if fact.value is not None and fact.id in _DRAWN],
        "by_claim": list(_by_claim(found)),
        "credit": list(_lens(rows, "team", lambda row: row.claim.record.team)),
        "cx_roles": list(_lens(rows, "cx_role", lambda row: CX_ROLES[row.claim.record.cx_role])),
        "wins": list(_wins(found)),
        "without_result": list(_without_result(found)),
        "movement": [_moved(place) for place in found.places[::-1]],
        "budgets": [
            {
                "what": kept.record.name,
                "status": FUNDED[kept.record.status],
                "amount": float(kept.record.amount or 0),
                "spent": float(used),
                "from": kept.record.starts.isoformat() if kept.record.starts else None,
                "until": kept.record.ends.isoformat() if kept.record.ends else None,
            }
            for kept, used in found.spent.budgets
        ],
    }
    claims = [_claim(row, place, found) for place in found.places[::-1] for row in place.rows]
    return {"claims": claims, **{name: rows for name, rows in built.items() if rows}}


def charts(
    found: Findings, facts: Sequence[Fact], rows: Mapping[str, Sequence[Row]]
) -> tuple[Chart, ...]:
    """What was delivered beside what it cost."""
    if not rows.get("sums"):
        return ()
    title = "Delivered, each dollar counted once, and what the programme cost"
    said = "; ".join(f"{one.label} {fmt.fact_text(one)}" for one in facts if one.value is not None)
    return (
        Chart(
            id="delivered",
            title=title,
            kind="bar",
            table="sums",
            category="what",
            value="amount",
            low="low",
            high="high",
            unit=found.panel.currency or "count",
            value_title="Money",
            alt=f"{title}: {said}.",
        ),
    )


def why_not(row: Counted, place: LineMonth) -> str:
    """Why a claim counts with less than was claimed; empty where all of it counts."""
    if row.evidence.why:
        return f"shown and not summed: {row.evidence.why}"
    if not row.customers:
        return "it names no customer there was"
    said = []
    if row.unsupported:
        said.append("a part goes beyond its evidence")
    if row.parts.shared:
        said.append("a part is counted with other claims on these customers")
    if row.parts.beyond:
        if place.moved is None:
            said.append("the line cannot be compared with its own year before")
        elif not place.most:
            said.append("the line did not move for the good")
        else:
            said.append("a part goes beyond what the line moved")
    return "; ".join(said)


def _claim(row: Counted, place: LineMonth, found: Findings) -> Row:
    record = row.claim.record
    return {
        "claim": row.claim.id,
        "month": _first_of(row.month),
        "line": row.line,
        "side": row.side,
        "label": DELIVERED[row.line],
        "delivered": record.delivered,
        "initiative": record.initiative,
        "initiative_name": found.name_of(record.initiative),
        "group": record.customers or "all customers",
        "customers": row.customers,
        "amount_claimed": row.claimed / _CENTS,
        "amount_unsupported": row.unsupported / _CENTS,
        "amount_shared": row.parts.shared / _CENTS,
        "amount_beyond": row.parts.beyond / _CENTS,
        "amount_counted": row.cents / _CENTS,
        "standing": row.standing,
        "grade": row.grade.name,
        "team": record.team,
        "cx_role": CX_ROLES[record.cx_role],
        "why": why_not(row, place),
    }


def _by_claim(found: Findings) -> Iterator[Row]:
    """One row a claim over all its months, with the reasons why not all of it counts."""
    places = [(row, place) for place in found.places for row in place.rows]
    by_claim: dict[str, list[tuple[Counted, LineMonth]]] = {}
    for row, place in places:
        by_claim.setdefault(row.claim.id, []).append((row, place))
    for mine in by_claim.values():
        rows = [row for row, _ in mine]
        record = rows[0].claim.record
        reasons = dict.fromkeys(filter(None, (why_not(row, place) for row, place in mine)))
        yield {
            "delivered": record.delivered,
            "team": record.team,
            "line": DELIVERED[rows[0].line],
            "from": _first_of(rows[0].month),
            "until": _first_of(rows[-1].month),
            "customers": _fewest(rows),
            "amount_claimed": sum(row.claimed for row in rows) / _CENTS,
            "amount_counted": total(rows) / _CENTS,
            "grade": rows[0].grade.name,
            "why": "; ".join(reasons),
        }


def _lens(rows: Sequence[Counted], name: str, key: Callable[[Counted], str]) -> Iterator[Row]:
    """The rows by one lens. Both lenses hold the same rows, so they come to the same total."""
    for who, mine in grouped(rows, key):
        yield {
            name: who,
            "claims": len({row.claim.id for row in mine}),
            "amount_saved": total(mine, standing="verified", side="save") / _CENTS,
            "amount_made": total(mine, standing="verified", side="make") / _CENTS,
            "amount_indicated": total(mine, standing="indicated") / _CENTS,
            "unsummed": len({row.claim.id for row in mine if row.standing == "unsummed"}),
            "customers": _fewest(mine),
        }


def _wins(found: Findings) -> Iterator[Row]:
    """What counts, by initiative, line and team: what a recognition card is made of."""
    counts = [row for row in found.rows if row.cents]

    def key(row: Counted) -> str:
        record = row.claim.record
        return f"{record.initiative}\n{row.line}\n{record.team}\n{row.standing}"

    for _, mine in grouped(counts, key):
        record = mine[0].claim.record
        reach = range_of(found, mine)
        yield {
            "initiative_name": found.name_of(record.initiative),
            "team": record.team,
            "line": _line_of(mine[0]),
            "delivered": "; ".join(dict.fromkeys(row.claim.record.delivered for row in mine)),
            "amount": total(mine) / _CENTS,
            "low": reach.low if reach else None,
            "high": reach.high if reach else None,
            "grade": worst(row.grade for row in mine).name,
            "from": _first_of(min(row.month for row in mine)),
            "until": _first_of(max(row.month for row in mine)),
            "cx_role": fmt.listed(
                [*dict.fromkeys(CX_ROLES[row.claim.record.cx_role].lower() for row in mine)]
            ),
            "customers": _fewest(mine),
        }


def _line_of(row: Counted) -> str:
    """The line as people call it."""
    return DELIVERED[row.line]


def _without_result(found: Findings) -> Iterator[Row]:
    """What was begun and counts with nothing so far; pilots that showed nothing."""
    delivering = {row.claim.record.initiative for row in found.rows if row.cents}
    claimed = {row.claim.record.initiative for row in found.rows}
    for kept in found.spent.initiatives:
        if kept.id in delivering:
            continue
        cost = kept.record.cost
        yield {
            "begun_as": "initiative",
            "what": kept.record.name,
            "status": STATUSES[kept.record.status],
            "why": "what is claimed does not count" if kept.id in claimed else "nothing is claimed",
            "cost": float(cost) if cost is not None else None,
        }
    for row in found.read:
        if row.get("verdict") in ("stop", _NOTHING):
            yield {
                "begun_as": "pilot",
                "what": str(row.get("pilot")),
                "status": fmt.spoken(str(row.get("verdict"))).capitalize(),
                "why": "no effect worth going on for can be told"
                if row.get("verdict") == _NOTHING
                else "it showed no effect worth going on for",
                "cost": None,
            }


def _moved(place: LineMonth) -> Row:
    moved = place.moved
    return {
        "month": _first_of(place.month),
        "line": DELIVERED[place.line],
        "amount_moved": moved.good if moved is not None else None,
        "amount_verified": total(place.rows, standing="verified") / _CENTS,
        "amount_indicated": total(place.rows, standing="indicated") / _CENTS,
        "customers": _fewest([row for row in place.rows if row.cents])
        or (moved.customers if moved is not None else _fewest(place.rows)),
    }


def _sum(fact: Fact) -> Row:
    return {
        "what": fact.label,
        "amount": fact.value,
        "low": fact.interval.low if fact.interval else None,
        "high": fact.interval.high if fact.interval else None,
        "grade": fact.grade.name,
        "customers": None if fact.id == "cost" else fact.n,
    }


def _fewest(rows: Sequence[Counted]) -> int:
    """Customers behind the smallest of the claims, which a sum over them must not give away."""
    return min((row.customers for row in rows), default=0)


def _first_of(month: int) -> str:
    return month_end(month).replace(day=1).isoformat()
