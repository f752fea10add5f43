"""The initiatives as tables: what is planned, who uses it, where they meet, what they saved."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cxdash.facts import Cell, Row
from cxdash.questions.initiatives.facts import PARTS, money
from cxdash.questions.initiatives.find import Found
from cxdash.questions.initiatives.guardrails import Guard
from cxdash.questions.initiatives.reading import Plan, is_late
from cxdash.questions.judgement import LEVEL
from cxdash.register.kinds.initiatives import AIMS, STATUSES, STEP_KINDS, STEP_STATES
from cxdash.stats.proportions import share

__all__ = ["tables"]

_PER: Final = 100  # customers for a month, as counts of contacts are told


def tables(found: Found) -> Mapping[str, Sequence[Row]]:
    """Every table of the Answer; those without a row are left out, but for the contract's."""
    always = {
        "initiatives": list(_initiatives(found)),
        "overlaps": list(_overlaps(found)),
        "guardrails": [row for one in found.guards for row in _guardrails(one)],
        "savings": [row for one in found.guards for row in _savings(found, one)],
    }
    sometimes = {
        "saved_parts": [row for one in found.guards for row in _parts(found, one)],
        "resistance": [row for plan in found.plans for row in _resistance(plan)],
        "steps": [row for plan in found.plans for row in _steps(plan, found)],
        "adoption": [row for plan in found.plans for row in _adoption(plan)],
        "overrides": [row for plan in found.plans for row in _overrides(plan)],
    }
    return always | {name: rows for name, rows in sometimes.items() if rows}


def _initiatives(found: Found) -> Iterator[Row]:
    for place, plan in enumerate(found.plans):
        record = plan.record
        reached = found.reached[place]
        count = None if reached.why_not else reached.customers
        yield {
            "name": plan.name,
            "stands": "wish" if plan.is_wish else STATUSES[record.status].lower(),
            "lacks": ", ".join(plan.lacking),
            "goal": plan.goal,
            "sponsor": plan.sponsor,
            "in_charge": record.owner,
            "starts": record.starts.isoformat() if record.starts else "",
            "customers": count,
            "question": "answered" if not record.unanswered else _open_questions(plan),
            "aim": AIMS[record.aim].lower(),
            "ends": record.ends.isoformat() if record.ends else "",
            "customers_share": count / found.everybody if count and found.everybody else None,
            "steps_late": plan.late(found.as_of),
            "initiative": plan.id,
        }


def _open_questions(plan: Plan) -> str:
    words = {"need": "whose need", "behaviour": "which behaviour", "line": "which line"}
    left = (words.get(one, "what proves it wrong") for one in plan.record.unanswered)
    return f"open: {', '.join(left)}"


def _steps(plan: Plan, found: Found) -> Iterator[Row]:
    for step in plan.steps:
        yield {
            "name": plan.name,
            "step": step.name,
            "step_kind": STEP_KINDS[step.kind].lower(),
            "in_charge": step.owner,
            "due": step.due.isoformat() if step.due else "",
            "stands": "late" if is_late(step, found.as_of) else STEP_STATES[step.status].lower(),
        }


def _resistance(plan: Plan) -> Iterator[Row]:
    for step in plan.steps:
        if step.resistance.strip():
            yield {"name": plan.name, "step": step.name, "resistance": step.resistance}


def _adoption(plan: Plan) -> Iterator[Row]:
    for step in plan.steps:
        if step.exposed and step.used is not None:
            told = share(step.used, step.exposed, level=LEVEL)
            yield {
                "name": plan.name,
                "step": step.name,
                "exposed": step.exposed,
                "in_use": step.used,
                "adoption": told.estimate,
                "low": told.low,
                "high": told.high,
            }


def _overlaps(found: Found) -> Iterator[Row]:
    for pair in found.overlaps:
        yield {
            "first": pair.first.name,
            "second": pair.second.name,
            "shared": pair.shared,
            "customers_first": pair.customers_first,
            "customers_second": pair.customers_second,
            "conflict": pair.kind,
            "money_twice": pair.money_twice,
        }


def _overrides(plan: Plan) -> Iterator[Row]:
    for one in plan.overrides:
        yield {
            "name": plan.name,
            "override_by": one.by,
            "override_on": one.at.date().isoformat(),
            "override_reason": one.reason,
        }


def _guardrails(one: Guard) -> Iterator[Row]:
    for rail in one.rails:
        told, times = rail.found, 1 if rail.is_share else _PER
        change = told.change
        yield {
            "name": one.plan.name,
            "label": rail.label,
            "exposed_before": told.exposed_before * times,
            "exposed_after": told.exposed_after * times,
            "others_before": told.others_before * times,
            "others_after": told.others_after * times,
            "effect": change.estimate * times,
            "low": change.low * times,
            "high": change.high * times,
            "verdict": rail.verdict,
            "p_adjusted": rail.p_adjusted,
            "customers": one.exposed,
            "others": one.others,
            "unit": "share" if rail.is_share else "score",
            "measure": rail.measure,
            "initiative": one.plan.id,
        }


def _savings(found: Found, one: Guard) -> Iterator[Row]:
    if one.saving is None:
        return
    told = {part.name: money(found, one, part) for part in PARTS}
    row: dict[str, Cell] = {"name": one.plan.name}
    for name in ("net", "gross", "moved", "lost"):
        fact = told[name]
        row[name] = fact.value
        row[f"{name}_low"] = fact.interval.low if fact.interval else None
        row[f"{name}_high"] = fact.interval.high if fact.interval else None
    claimed = one.plan.record.claimed_saving
    row["verdict"] = verdict(one)
    row["grade"] = told["net"].grade.name
    row["claimed_year"] = float(claimed) if claimed is not None else None
    row["months"] = one.seen.months if one.seen else 0
    row["customers"] = one.exposed
    row["others"] = one.others
    row["initiative"] = one.plan.id
    yield row


def _parts(found: Found, one: Guard) -> Iterator[Row]:
    """The same sum line by line, as it is read: what came in, what went, what is left."""
    if one.saving is None:
        return
    named = {part.name: part for part in PARTS}
    for name in ("gross", "moved", "lost", "net"):
        fact = money(found, one, named[name])
        yield {
            "name": one.plan.name,
            "what_part": named[name].label,
            "part_money": fact.value,
            "low": fact.interval.low if fact.interval else None,
            "high": fact.interval.high if fact.interval else None,
            "verdict": verdict(one) if name == "net" else "",
        }


def verdict(one: Guard) -> str:
    """What the net saving says, in the words of the page."""
    if one.saving is None:
        return "cannot tell"
    net, gross = one.saving.net, one.saving.gross
    if net.low > 0:
        return "saved"
    if net.high < 0:
        return "moved, not saved" if gross.low > 0 else "cost more than it saved"
    return "cannot tell"
