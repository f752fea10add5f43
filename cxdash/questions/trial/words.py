"""The sentences of ``trial``: the headline, why each verdict is what it is, and what is missing.

Directions come from the grammar in :mod:`cxdash.facts.wording` alone.
"""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Interval, wording
from cxdash.facts import format as fmt
from cxdash.facts.format import count
from cxdash.facts.words import named
from cxdash.questions.guard import left_out_words
from cxdash.questions.sampling import drawn_words
from cxdash.questions.trial.echo import Echo
from cxdash.questions.trial.find import Case, Tried
from cxdash.questions.trial.lead import WORTHWHILE_LEAVING, WORTHWHILE_SPEND
from cxdash.questions.trial.link import Link, Outcome
from cxdash.questions.trial.units import FEWEST_PEOPLE, Watched
from cxdash.stats.estimate import Estimate
from cxdash.stats.gaming import FEWEST_ANSWERS
from cxdash.stats.spread import FEWEST_UNITS

__all__ = [
    "caveats",
    "explained",
    "followed",
    "headline",
    "missing",
    "not_looked_at",
    "reason",
    "signs_of",
    "step_of",
    "unsized",
    "wanted",
    "worth_acting_on",
]

_SIGNS: Final = {
    "level": "its score is far above that of other units",
    "bunching": "it has too many best answers for its other answers",
    "break": "best answers became frequent from one day on",
    "outcome": "customers with best answers came back or left unusually often",
    "words": "comments beside best answers sound cooler than elsewhere",
    "asked": "customers write that a mark was asked for",
    "speed": "answers came unusually soon after the contact",
}
_SEEN: Final = {
    "level": "the level",
    "bunching": "the shape of the answers",
    "break": "breaks over time",
    "outcome": "what happened afterwards",
    "words": "the words beside the mark",
    "asked": "phrases of begging",
    "speed": "the time to the answer",
}
_OUTCOMES: Final[tuple[Outcome, ...]] = ("leaving", "spend")
_FAR: Final = 10  # years beyond which nobody waits


def headline(tried: Tried) -> str:
    """How many metrics earned their place, and how many units should be checked."""
    cases = tried.with_verdict("working")
    working = [case.metric.label for case in cases]
    told = (
        f"{'tell' if len(working) > 1 else 'tells'} beforehand what customers do, beyond what "
        "finance and operations know"
    )
    if tried.held_beside and not tried.with_own_signal:
        apart = len(working) - len(tried.held_beside)
        said = [wording.alike(working, len(tried.cases), told=told, apart=apart)]
    else:
        said = [
            wording.earned(working, len(tried.cases), told=told),
            *_overlap(tried, len(working)),
        ]
    said += _unsized_sizes([case.metric.label for case in cases if not case.sized], len(working))
    said += [
        wording.to_check(len(own.to_look_at), len(own.units), own.metric.label)
        for own in tried.watched[:1]
        if own.to_look_at
    ]
    return " ".join(said)


def _unsized_sizes(names: list[str], working: int) -> Iterator[str]:
    """Of which metrics that work the size of what they add is still within noise."""
    if not names:
        return
    if working == 1:
        yield (
            f"The size of what {named(names[0])} adds on later windows is not yet known: its range "
            "holds zero."
        )
        return
    listed = fmt.listed([named(name) for name in names])
    which = f"For {listed} the size" if len(names) < working else "The size"
    yield f"{which} of what they add on later windows is not yet known: its range holds zero."


def _overlap(tried: Tried, working: int) -> Iterator[str]:
    """Whether the metrics that work tell one thing or several."""
    together = len(tried.held_beside)
    if together:
        own = [case.metric.label for case in tried.with_own_signal]
        yield wording.overlap(own, together, apart=working - together)
    elif working > 1:
        yield wording.cannot_tell(
            "whether the metrics that work carry one signal or several",
            "too few windows have an answer to several of them",
        )


def reason(case: Case, tried: Tried) -> str:
    """Why the verdict is what it is, in one sentence."""
    units = len(case.units.to_look_at) if case.units else 0
    check = f"the best answers of {count(units)} unit{'s' if units != 1 else ''} should be checked"
    nothing = f"Over all metrics tried, {_nothing(case)}"
    said = {
        "gamed": f"It tells beforehand what customers do, but first {check}.",
        "not_confirmed": "It goes with what customers do next, but later windows do not show it "
        "again beyond noise.",
        "not_checked": "It goes with what customers do next, but there are no later windows to "
        "check it on.",
        "excluded": "A link worth acting on would have been seen, and there is none: "
        f"{worth_acting_on()}.",
        "asked_for": f"{nothing}, and {check}.",
        "paid_for": f"{nothing}, and pay is tied to it.",
        "unused": f"{nothing}, and the register lists no owner, goal or decision for it.",
        "half_tried": f"A link worth acting on would have been seen, and there is none: "
        f"{worth_acting_on(tuple(link.outcome for link in case.links))}. {not_looked_at(case)}",
        "not_tried": case.metric.barred or not_looked_at(case),
    }
    if case.reason == "confirmed" and case.link:
        return _confirmed(case.link, case, tried)
    if case.reason == "echo":
        return f"It repeats what was known: {explained(case.echo)}. Given that, {_nothing(case)}."
    if case.reason == "too_few":
        thin = wording.cannot_tell("whether it tells beforehand what customers do", _thin(case))
        return f"{thin} {not_looked_at(case)}".rstrip()
    return said[case.reason]


def _confirmed(link: Link, case: Case, tried: Tried) -> str:
    said = f"{followed(link, case, tried)} Later windows showed it again"
    if not case.sized:
        said += "; the size of what it adds is not yet known, since its range holds zero"
    if case.beside and not case.beside.own_signal:
        said += ". Beside the other metrics that work, nothing of its own stands out from noise"
    return f"{said}."


def not_looked_at(case: Case) -> str:
    """Outcomes that could not be looked at, as sentences; empty when both were."""
    return " ".join(
        f"{one.outcome.capitalize()} was not looked at: {one.why}." for one in case.untried
    )


def _nothing(case: Case) -> str:
    """That nothing follows, said of no more than was looked at; continues a sentence."""
    if not case.untried:
        return "nothing that customers do follows from it beyond chance"
    tried = " or ".join(link.outcome for link in case.links)
    lacking = "; ".join(f"{one.outcome} was not looked at: {one.why}" for one in case.untried)
    return f"no difference in {tried} follows from it beyond chance ({lacking})"


def unsized(case: Case) -> str:
    """Why nothing is said of what it adds on later windows, as a sentence; empty when it is."""
    if case.link is None or not case.link.foretold:
        return case.metric.barred or "No later window could be foretold."
    if case.link.skill is None:
        return "Earlier windows showed no link beyond noise, so nothing of it was forecast with."
    return ""


def step_of(case: Case) -> str:
    """A realistic move in words: ``2 points``, ``8 percentage points``."""
    if case.link is None:
        return "a realistic step"
    if case.metric.kind == "contacts":
        return fmt.gap(case.link.step, "share").lstrip("+")
    number = fmt.number(case.link.step, "score")
    return f"{number} {'point' if number == '1' else 'points'}"


def followed(
    link: Link,
    case: Case,
    tried: Tried,
    *,
    effect: Estimate | None = None,
    held: str = "figures of finance and operations",
) -> str:
    """What goes with a realistic move: ``Customers with NPS 1 point higher left less often ...``

    ``effect`` is the link's own unless another is given, with what was then held equal.
    """
    months = tried.stage.horizon
    leaving = link.outcome == "leaving"
    found = effect or link.effect
    return wording.step(
        case.metric.label,
        step_of(case),
        upward=case.metric.item.high_is_good,
        did=f"left within {months} months" if leaving else f"spent over the next {months} months",
        difference=Interval(found.low, found.high, found.level),
        estimate=found.estimate,
        spent=not leaving,
        held_constant=held,
    )


def signs_of(pointing: tuple[str, ...]) -> str:
    """The signs that point to a unit, as a sentence; never anybody's doing."""
    if not pointing:
        return "Check: several weak signs together."
    told = "; ".join(_SIGNS[name] for name in pointing)
    return f"Check: {told}."


def caveats(tried: Tried) -> Iterator[str]:
    """What the Answer cannot say."""
    stage = tried.stage
    yield (
        "A metric that tells of leaving beforehand need not bring it about: whether moving it "
        "moves the money only a pilot can tell."
    )
    for reason in (*stage.base.conditions.against_rates, *stage.base.conditions.against_money):
        yield reason.why
    if sum(case.link is not None and case.link.money is not None for case in tried.cases) > 1:
        yield (
            "Metrics overlap: revenue that goes with the moves of several of them is never added."
        )
    if stage.sampled:
        everyone = stage.seen.rows["customer_id"][stage.seen.is_closed].nunique()
        yield drawn_words(stage.sampled, everyone)
    if not stage.base.panel.contractual:
        yield stage.base.without_contracts
    yield from left_out_words(stage.base.cleared.excluded)
    for own in tried.watched[:1]:
        yield from _compared(own)
        if own.persons:
            yield (
                f"{count(own.persons)} unit{'s' if own.persons != 1 else ''} with answers about "
                f"fewer than {FEWEST_PEOPLE} people "
                f"{'are' if own.persons != 1 else 'is'} not judged and not shown."
            )
        if own.few:
            yield (
                f"{count(own.few)} unit{'s' if own.few != 1 else ''} with fewer than "
                f"{FEWEST_ANSWERS} answers {'are' if own.few != 1 else 'is'} not judged."
            )
    if not any(case.registered for case in tried.cases):
        yield "Nobody has said who owns which metric, so use was not part of any verdict."


def _compared(own: Watched) -> Iterator[str]:
    """By what units were compared, and what could not be looked at."""
    if not own.seen:
        yield (
            f"Units were not compared: fewer than {FEWEST_UNITS} have enough answers, so nobody "
            "knows how far honest ones lie apart."
        )
        return
    yield (
        f"Units were compared by {fmt.listed([_SEEN[name] for name in own.seen])}; offers of the "
        "survey are not recorded by unit, so who was asked at all could not be looked at. A unit "
        "named is a reason to look, not a verdict on anybody."
    )


def missing(tried: Tried) -> Iterator[str]:
    """What would let more be told."""
    yield from tried.stage.base.conditions.would_help
    if not any(case.metric.kind == "survey" for case in tried.cases):
        yield "Import a survey export with a customer key, a date and at least one rating."
    if not any(case.registered for case in tried.cases):
        yield "Import the register of metrics: owner, goal and the last decision of each."
    if not tried.watched:
        yield "Map the column that names the team or desk an answer is about."


def explained(found: Echo | None) -> str:
    """How much past money and operations account for; continues a sentence."""
    if found is None:
        return "it could not be told what money accounts for"
    return (
        f"past spend and contacts account for {fmt.number(found.share, 'share')} of its "
        f"differences, most of all {found.most} ({count(found.n)} answers)"
    )


def worth_acting_on(outcomes: tuple[Outcome, ...] = _OUTCOMES) -> str:
    """The size of a link worth acting on with these outcomes; continues a sentence."""
    size = {
        "leaving": f"{fmt.number(WORTHWHILE_LEAVING, 'share')} fewer leavers",
        "spend": f"{fmt.number(WORTHWHILE_SPEND, 'share')} more spend",
    }
    return f"{' or '.join(size[one] for one in outcomes)} for a realistic move"


def _thin(case: Case) -> str:
    windows = count(case.link.n) if case.link else "so few"
    return (
        f"{windows} windows with an answer neither show a link beyond chance, over all metrics "
        "tried, nor rule out one worth acting on"
    )


def wanted(case: Case, tried: Tried) -> str:
    """Windows needed, and months until then at today's pace."""
    needs = [link for link in case.links if not link.excluded] or list(case.links)
    if not needs:
        return "more answers"
    link = max(needs, key=lambda one: one.windows_needed / one.n)
    windows = max(1, len(tried.stage.seen.closed_months))
    pace = link.n / windows / tried.stage.horizon
    months = round((link.windows_needed - link.n) / pace)
    about = f"about {count(_rounded(link.windows_needed))} windows with an answer"
    if months > 12 * _FAR:
        return f"{about}, which is out of reach at today's pace"
    return f"{about}, in some {count(max(1, months))} months at today's pace"


def _rounded(n: int) -> int:
    """Two digits: a planning figure is no more exact."""
    unit: int = 10 ** max(0, len(str(n)) - 2)
    return -(-n // unit) * unit
