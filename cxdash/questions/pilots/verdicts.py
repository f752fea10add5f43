"""Scale, adjust, stop, or cannot tell yet: by the rule the plan wrote down before.

- worse beyond chance: stop;
- better beyond chance, and at least the smallest effect worth having: scale;
- better beyond chance, but less than that: adjust;
- at the last look, an effect worth having all but ruled out: stop;
- else it cannot be told yet. So too where a check failed, and where no rule was written, or not
  frozen by the first day: whoever sees the result first can write the rule that suits it.
"""

from dataclasses import dataclass
from typing import Final, Literal

from cxdash.facts import format as fmt
from cxdash.questions.pilots.looks import Stage
from cxdash.questions.pilots.planned import Planned
from cxdash.questions.pilots.reading import Reading

__all__ = ["NOT_STARTED", "RUNNING", "SAID", "Verdict", "judged", "worth_having"]

Word = Literal["scale", "adjust", "stop", "cannot_tell", "running", "not_started"]
NOT_STARTED: Final[Word] = "not_started"
RUNNING: Final[Word] = "running"

#: What each verdict means for the person who decides.
SAID: Final[dict[Word, str]] = {
    "scale": "scale it up",
    "adjust": "adjust it and try again",
    "stop": "stop it",
    "cannot_tell": "cannot tell yet",
    "running": "under way",
    "not_started": "not started",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word, and why."""

    word: Word
    why: str


def worth_having(one: Planned, reading: Reading) -> float | None:
    """The smallest effect worth having, in the unit of the outcome; None where none was named.

    Leaving: percentage points. Money and contacts: a part of what the untreated have. Ratings: a
    part of the scale.
    """
    least = one.plan.least_effect
    if least is None:
        return None
    return least if one.plan.outcome == "churn" else least * abs(reading.base)


def judged(one: Planned, stage: Stage, reading: Reading) -> Verdict:
    """The verdict of a pilot that was read."""
    least = worth_having(one, reading)
    told = reading.checks_passed and one.frozen_in_time
    if (ends := reading.gain_ends) is None or least is None or not told:
        return Verdict("cannot_tell", _against(one, reading, least))
    if ends[1] < 0:
        return Verdict("stop", "It did worse than nothing, beyond chance.")
    if ends[0] > 0 and reading.gain >= least:
        return Verdict("scale", "Better beyond chance, and by at least what is worth having.")
    if ends[0] > 0:
        return Verdict("adjust", "Better beyond chance, but by less than what is worth having.")
    if stage.is_last and ends[1] < least:
        return Verdict("stop", "An effect worth having is all but ruled out.")
    return Verdict("cannot_tell", "Both no effect and one worth having fit what was seen.")


def _too_late(one: Planned) -> str:
    """Why a rule is none."""
    when = (
        f"The plan was frozen on {fmt.day(one.frozen_on)}, after it began on {fmt.day(one.began)}"
        if one.frozen_on
        else "The plan was not frozen"
    )
    return f"{when}, so its rule may follow what was seen. Grade and range say what it showed."


def _against(one: Planned, reading: Reading, least: float | None) -> str:
    """Why the rule is not applied."""
    if reading.gain_ends is None:
        return " ".join(reading.notes) or "There are too few units."
    failed = next((check for check in reading.checks if not check.passed), None)
    if failed is not None:
        return f"A check did not pass: {failed.name}. {failed.said}"
    if least is None:
        return (
            "No rule was written before it began, so there is none to judge it by. Grade and range "
            "say what it showed."
        )
    return "Nothing could be checked." if one.frozen_in_time else _too_late(one)
