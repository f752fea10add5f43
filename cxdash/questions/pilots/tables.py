"""The tables of ``pilots``."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cxdash.facts import Row
from cxdash.facts import format as fmt
from cxdash.questions.pilots.facts import MEASURES, unit_of
from cxdash.questions.pilots.planned import GIVEN
from cxdash.questions.pilots.read import Found
from cxdash.questions.pilots.reading import Effect
from cxdash.questions.pilots.verdicts import SAID

__all__ = ["DESIGNED", "tables"]

DESIGNED: Final = {
    "randomised": "drawn by lot",
    "regions": "whole units, others beside them",
    "matched": "chosen, others like them beside them",
    "follow_up": "called back, others who rated as low beside them",
    GIVEN: "given to groups, nobody said how",
}
_RAW: Final = "as it is"
_JUDGED: Final = "as it is judged"


def tables(
    pilots: Sequence[Found], currency: str | None, asks: Sequence[Row]
) -> Mapping[str, Sequence[Row]]:
    """All tables; those that speak of people are marked in the privacy layouts."""
    return {
        "one_page": [_one_page(found) for found in pilots],
        "pilots": [_pilot(found, currency) for found in pilots],
        "pilot_effects": list(_effects(pilots)),
        "sides": [row for found in pilots for row in _groups(found, currency)],
        "checks": [row for found in pilots for row in _checks(found)],
        "changes": [row for found in pilots for row in _changes(found)],
        "sizes": [row for found in pilots for row in _sizes(found, currency)],
        "refused": list(asks),
    }


def _one_page(found: Found) -> Row:
    one, plan = found.one, found.one.plan
    return {
        "pilot": one.name,
        "verdict_said": SAID[found.verdict.word],
        "why": found.verdict.why,
        "measured": MEASURES[plan.outcome],
        "compared_with": DESIGNED[one.design],
        "plan_kept": _plan(found),
    }


def _plan(found: Found) -> str:
    one = found.one
    if not one.is_planned:
        return "no plan was frozen"
    if one.frozen_on is None:
        return "not frozen"
    late = "" if one.frozen_in_time else ", after the first day"
    changed = f"; changed after the start ({len(one.changes)})" if one.changes else ""
    return f"frozen {one.frozen_on.isoformat()}{late}, {one.digest[:12]}{changed}"


def _pilot(found: Found, currency: str | None) -> Row:
    one, reading = found.one, found.reading
    effect = reading.effect if reading else None
    seen = reading.detectable if reading else found.size.detectable if found.size else None
    return {
        "id": one.id,
        "pilot": one.name,
        "outcome": one.plan.outcome,
        "design": one.design,
        "effect": effect.estimate if effect else None,
        "low": effect.low if effect else None,
        "high": effect.high if effect else None,
        "p": effect.p if effect else None,
        "n_treated": reading.assigned[0] if reading else None,
        "n_control": reading.assigned[1] if reading else None,
        "detectable": seen,
        "unit": unit_of(one.plan.outcome, currency),
        "grade": found.grade.name if reading else None,
        "verdict": found.verdict.word,
        "customers_treated": reading.treated.customers if reading else None,
        "customers_control": reading.untreated.customers if reading else None,
    }


def _effects(pilots: Sequence[Found]) -> Iterator[Row]:
    """Plain and judged effects on leaving, which are in one unit and can stand in one picture."""
    for found in pilots:
        reading = found.reading
        if reading is None or found.one.plan.outcome != "churn":
            continue
        for name, effect in ((_RAW, reading.raw), (_JUDGED, reading.effect)):
            if effect.low is not None:
                yield _effect(found, name, effect)


def _effect(found: Found, name: str, effect: Effect) -> Row:
    reading = found.reading
    return {
        "pilot": found.one.name,
        "view": name,
        "difference": effect.estimate,
        "difference_low": effect.low,
        "difference_high": effect.high,
        "customers_treated": reading.treated.customers if reading else None,
        "customers_control": reading.untreated.customers if reading else None,
    }


def _groups(found: Found, currency: str | None) -> Iterator[Row]:
    reading = found.reading
    if reading is None:
        return
    for group in (reading.treated, reading.untreated):
        yield {
            "pilot": found.one.name,
            "group": group.name,
            "customers": group.customers,
            "measured": MEASURES[found.one.plan.outcome],
            "group_value": group.value,
            "unit": unit_of(found.one.plan.outcome, currency),
        }


def _checks(found: Found) -> Iterator[Row]:
    for check in found.reading.checks if found.reading else ():
        yield {
            "pilot": found.one.name,
            "check": check.name,
            "passed": "not known" if check.passed is None else "yes" if check.passed else "no",
            "said": check.said,
        }


def _changes(found: Found) -> Iterator[Row]:
    for change in found.one.changes:
        yield {
            "pilot": found.one.name,
            "field": change.field,
            "was": change.before,
            "is_now": change.after,
            "changed_on": change.on.isoformat(),
            "changed_by": change.by,
        }


def _sizes(found: Found, currency: str | None) -> Iterator[Row]:
    size = found.size
    if size is None or found.reading is not None:
        return
    yield {
        "pilot": found.one.name,
        "customers": size.customers,
        "as_usual": size.base,
        "detectable": size.detectable,
        "worth_having": size.wanted,
        "unit": unit_of(found.one.plan.outcome, currency),
        "takes": fmt.count(size.needed) if size.needed else "cannot tell",
        "answers": size.answers,
    }
