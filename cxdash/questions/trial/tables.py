"""The tables of ``trial``: metrics with their verdict, the exhibits, units as they are and
restated.
"""

from collections.abc import Sequence
from typing import Final

from cxdash.facts import Cell, Row
from cxdash.questions.guard import table as table_of_excluded
from cxdash.questions.trial.exhibits import EXHIBITS, exhibits
from cxdash.questions.trial.find import Case, Tried
from cxdash.questions.trial.units import Unit, Watched
from cxdash.questions.trial.words import reason, signs_of, step_of
from cxdash.stats.estimate import Estimate

__all__ = ["tables"]

_AS_IT_IS: Final = "As it is"
_RESTATED: Final = "Without best answers the rest cannot explain"


def tables(tried: Tried) -> dict[str, Sequence[Row]]:
    """Every table of the contract; ``unit_scores`` draws the units of the first metric that has any
    to look at.
    """
    made: dict[str, Sequence[Row]] = {
        "metrics": [_metric(case, tried) for case in tried.cases],
        "verdicts": [
            {
                "on_trial": case.metric.label,
                "verdict": case.verdict,
                "reason": reason(case, tried),
            }
            for case in tried.cases
        ],
        "exhibits": [
            {"metric": case.metric.name, "exhibit": EXHIBITS[name], "finding": finding}
            for case in tried.cases
            for name, finding in exhibits(case, tried)
        ],
        "units": [_unit(own, unit) for own in tried.watched for unit in own.units],
        "unit_scores": list(_unit_scores(tried)),
    }
    left_out = table_of_excluded(tried.stage.base.cleared.excluded)
    return made | ({"excluded": left_out} if left_out else {})


def _metric(case: Case, tried: Tried) -> dict[str, Cell]:
    link = case.link
    return {
        "metric": case.metric.name,
        "label": case.metric.label,
        "variant": case.metric.item.variant,
        "verdict": case.verdict,
        "reason": reason(case, tried),
        "lead_p": case.lead_p,
        **_range("added", link.skill if link else None, "added_skill"),
        **_range("money", link.money if link else None, "money_per_move"),
        "n": link.n if link else case.metric.item.n,
        "step": step_of(case) if link else None,
        "effect": link.effect.estimate if link else None,
        "effect_low": link.effect.low if link else None,
        "effect_high": link.effect.high if link else None,
        "outcome": link.outcome if link else None,
        "later_p": link.later.p_value if link and link.later else None,
        "beside_p": case.beside.p_value if case.beside else None,
        "own_signal": case.beside.own_signal if case.beside else None,
        "echo_share": case.echo.share if case.echo else None,
        "echo_p": case.echo_p,
    }


def _range(stem: str, found: Estimate | None, name: str) -> dict[str, Cell]:
    return {
        name: found.estimate if found else None,
        f"{stem}_low": found.low if found else None,
        f"{stem}_high": found.high if found else None,
    }


def _unit(own: Watched, unit: Unit) -> dict[str, Cell]:
    return {
        "unit": unit.name,
        "metric": own.metric.name,
        "n": unit.n,
        "observed": unit.observed.estimate,
        "observed_low": unit.observed.low,
        "observed_high": unit.observed.high,
        "restated": unit.restated.estimate if unit.restated else unit.observed.estimate,
        "restated_low": unit.restated.low if unit.restated else unit.observed.low,
        "restated_high": unit.restated.high if unit.restated else unit.observed.high,
        "flagged": unit.look,
        "reason": signs_of(unit.pointing) if unit.look else "",
    }


def _unit_scores(tried: Tried) -> list[dict[str, Cell]]:
    own = next((own for own in tried.watched if own.to_look_at), None)
    if own is None:
        return []
    rows: list[dict[str, Cell]] = []
    for unit in own.units:
        both = [(_AS_IT_IS, unit.observed)]
        if unit.restated:
            both.append((_RESTATED, unit.restated))
        rows += [
            {
                "unit": unit.name,
                "view": view,
                "score": found.estimate,
                "low": found.low,
                "high": found.high,
                "n": unit.n,
            }
            for view, found in both
        ]
    return rows
