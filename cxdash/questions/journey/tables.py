"""The tables of ``journey``: the stages side by side, and what happens between them."""

from collections.abc import Sequence
from typing import Final

from cxdash.facts import Row
from cxdash.facts import format as fmt
from cxdash.questions.journey.find import Found
from cxdash.questions.journey.scores import Rating

__all__ = ["NO_GOAL", "following_of", "goal_of", "tables"]

NO_GOAL: Final = "serves no goal"
_NOBODY: Final = "nothing loaded belongs to it"
_CENTS: Final = 2
#: Columns that stand there only where stages have an order.
_OF_AN_ORDER: Final = (
    "next_stage",
    *(f"{what}_{part}" for what in ("reached", "unseen") for part in ("rate", "low", "high")),
)


def tables(found: Found) -> dict[str, Sequence[Row]]:
    """Every table that has something to show."""
    made: dict[str, Sequence[Row]] = {
        "stages": [_stage(found, number) for number in range(len(found.stops))],
        "stage_work": [_work(found, number) for number in range(len(found.stops))],
        "losses": [_loss(found, number) for number in range(len(found.losses))],
        "unplaced": [
            {
                "place": place.name or "without a name",
                "kind": "survey answers" if place.what == "answer" else "contacts",
                "channel": place.channel,
                "met": place.met,
            }
            for place in found.unplaced
        ],
    }
    for name in ("stage_work", "losses"):
        made[name] = [row for row in made[name] if row["customers"]]
    made = {name: _without(rows, _OF_AN_ORDER) for name, rows in made.items()}
    return {name: rows for name, rows in made.items() if rows}


def _without(rows: Sequence[Row], columns: Sequence[str]) -> Sequence[Row]:
    """The rows without those of the columns that say nothing in any of them."""
    idle = {name for name in columns if not any(row.get(name) for row in rows)}
    return [{name: cell for name, cell in row.items() if name not in idle} for row in rows]


def goal_of(found: Found, number: int) -> str:
    """The statement of the goal a stage serves, or that it serves none."""
    stop = found.stops[number]
    return found.goals.get(stop.goal, NO_GOAL)


def following_of(found: Found, number: int) -> str:
    """Names of the stages that come next."""
    places = found.losses[number].following
    return fmt.listed([found.stops[place].name for place in places]) if places else ""


def _stage(found: Found, number: int) -> Row:
    stop, work = found.stops[number], found.work[number]
    score, effort = found.scores[number], found.efforts[number]
    best, raw = (score.best, score.raw) if score else (None, None)
    return {
        "stage": stop.name,
        "goal": goal_of(found, number) if stop.met else _NOBODY,
        "customers": work.customers,
        "rating": fmt.spoken(score.item) if score else "",
        "unit": score.unit if score else "score",
        "score": best.estimate if best else None,
        "score_low": best.low if best else None,
        "score_high": best.high if best else None,
        "raw_score": raw.estimate if raw else None,
        "n": raw.n if raw else 0,
        **_effort(effort, "effort_share" if _easy(found) else "effort_score"),
    }


def _work(found: Found, number: int) -> Row:
    """Work, cost and money of a stage."""
    work, at = found.work[number], found.stakes[number]
    stake = at.stake
    return {
        "stage": found.stops[number].name,
        "customers": work.customers,
        "contacts_each": work.contacts / work.customers if work.contacts else None,
        "minutes_each": work.minutes / work.customers
        if work.minutes is not None and work.customers
        else None,
        "cost": round(work.cost, _CENTS) if work.cost is not None else None,
        "customers_today": at.customers,
        "revenue": round(at.revenue, _CENTS) if at.revenue is not None else None,
        "revenue_at_stake": round(stake.estimate, _CENTS) if stake else None,
        "stake_low": round(stake.low, _CENTS) if stake else None,
        "stake_high": round(stake.high, _CENTS) if stake else None,
    }


def _easy(found: Found) -> bool:
    """Whether effort is the share who found it easy, wherever it is asked."""
    return all(effort.unit == "share" for effort in found.efforts if effort)


def _effort(effort: Rating | None, column: str) -> Row:
    """Effort as customers say it, in the unit of the rating."""
    best = effort.best if effort else None
    return {
        "effort_rating": fmt.spoken(effort.item) if effort else "",
        column: best.estimate if best else None,
        f"{column}_low": best.low if best else None,
        f"{column}_high": best.high if best else None,
    }


def _loss(found: Found, number: int) -> Row:
    loss = found.losses[number]
    left, reached, unseen = loss.left, loss.reached, loss.unseen
    return {
        "stage": found.stops[number].name,
        "next_stage": following_of(found, number),
        "customers": loss.customers,
        "left_rate": left.estimate if left else None,
        "left_low": left.low if left else None,
        "left_high": left.high if left else None,
        "usual_rate": found.usual,
        "reached_rate": reached.estimate if reached else None,
        "reached_low": reached.low if reached else None,
        "reached_high": reached.high if reached else None,
        "unseen_rate": unseen.estimate if unseen else None,
        "unseen_low": unseen.low if unseen else None,
        "unseen_high": unseen.high if unseen else None,
    }
