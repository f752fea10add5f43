"""The Facts of ``change``: the two scores, the change, its parts, and what it would take to read
it. Each carries the card of its method.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method, wording
from cxdash.facts import format as fmt
from cxdash.questions.change.findings import SMALLEST, Findings, Step
from cxdash.questions.judgement import LEVEL
from cxdash.stats.split import (
    CHANGED,
    HEARD,
    JOINED,
    LEFT,
    OCCASIONS,
    SEGMENTS,
    STAYED,
    TURNOVER,
    UNKNOWN,
)
from cxdash.stats.waves import Wave

__all__ = [
    "LABELS",
    "facts",
    "metric_name",
    "money_withheld",
    "period_name",
    "sentence_case",
    "short_period",
    "worst_name",
]

#: Part to what it means in plain words, as it continues "from".
LABELS: Final = MappingProxyType(
    {
        CHANGED: "the same customers, asked twice, changing their mind",
        LEFT: "customers who left",
        JOINED: "customers who joined after the earlier period",
        HEARD: "other customers answering than before",
        SEGMENTS: "the mix of segments that answered",
        OCCASIONS: "the mix of occasions they were asked about",
        STAYED: "customers who stayed: changed minds or other people answering",
        TURNOVER: "leaving, joining and staying, not told apart",
        UNKNOWN: "answers whose customer is not known",
    }
)
_COUNTED: Final = Method(description="Counted in the imported files.")
_EXCLUDED: Final = "Answers given on or after the day of the goodbye ({})."
_BEYOND: Final = ("That is more than there are customers: it cannot be read with them.",)
_FORMULAS: Final = MappingProxyType(
    {
        CHANGED: "mean of the later minus mean of the earlier answers of people who gave both",
        LEFT: "earlier score without those who left minus earlier score with them",
        JOINED: "later score with new customers minus later score without them",
        HEARD: (
            "distance of people who answered once to those who answered twice, in both periods, "
            "segments and occasions held equal"
        ),
        SEGMENTS: "sum over segments of (later share − earlier share) × mean of both levels",
        OCCASIONS: "sum over occasions of (later share − earlier share) × mean of both levels",
        STAYED: "later minus earlier score of customers of both periods, mixes held equal",
        TURNOVER: "later minus earlier score of all known customers",
        UNKNOWN: "change of the score minus change of the score of known customers",
    }
)


def facts(found: Findings) -> tuple[Fact, ...]:
    """Every Fact of the Answer, the change itself first."""
    return tuple(_facts(found))


def sentence_case(text: str) -> str:
    """The same words at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def metric_name(found: Findings) -> str:
    """The metric as a reader says it."""
    return fmt.spoken(found.stage.item.name)


def period_name(after: date, until: date) -> str:
    """``January to June 2026``: the months after one month end up to another."""
    first = after + timedelta(days=1)
    begins = fmt.month(first)
    if first.year == until.year:
        begins = begins.rsplit(" ", 1)[0]
    return f"{begins} to {fmt.month(until)}"


def money_withheld(found: Findings) -> tuple[str, ...]:
    """Why no dollars are shown, one sentence a reason; empty when they are."""
    conditions = found.stage.conditions
    return tuple(r.why for r in (*conditions.against_rates, *conditions.against_money))


def short_period(after: date, until: date) -> str:
    """``Jan–Jun 2026``: the same for a legend."""
    first = after + timedelta(days=1)
    year = "" if first.year == until.year else f" {first.year}"
    return f"{fmt.month(first)[:3]}{year}–{fmt.month(until)[:3]} {until.year}"


def _facts(found: Findings) -> Iterator[Fact]:
    yield _total(found)
    yield from _leavers_revenue(found)
    if found.stayers:
        yield _stayed(found)
    for step in found.steps:
        yield _part(found, step)
    if found.change:
        yield _smallest(found)
        if found.needed is not None:
            yield _needed(found)
    yield _level(found, "before", found.change.before if found.change else None, found.n_before)
    yield _level(found, "after", found.change.after if found.change else None, found.n_after)
    yield from _seasonal(found)
    yield from _longest(found)
    yield _matched(found)
    yield _after_goodbye(found)


def _periods(found: Findings) -> str:
    both = found.stage.both
    return (
        f"{period_name(both.before_until, both.until)} against "
        f"{period_name(both.before_from, both.before_until)}"
    )


def _card(found: Findings, model: str, formula: str, code: str) -> Card:
    stage = found.stage
    left_out = [_EXCLUDED.format(f"{stage.after_goodbye:,}")] if stage.after_goodbye else []
    if stage.filtered_unknown:
        left_out.append(
            f"Answers whose customer is not known, because of the filter "
            f"({stage.filtered_unknown:,})."
        )
    named = (
        f"One row a person and period: {found.n_before:,} people before, {found.n_after:,} after; "
        "several answers of a person are averaged."
    )
    unnamed = (
        f"One row an answer: {found.n_before:,} answers before, {found.n_after:,} after; who gave "
        "several of them is not known."
    )
    return Card(
        model=model,
        formula=formula,
        sample=unnamed if found.anonymous else named,
        window=_periods(found),
        exclusions=tuple(left_out),
        assumptions=(
            "Answers are independent of each other: nobody gave several."
            if found.anonymous
            else "People answer independently of each other.",
            "Nobody who answered in both periods is known; it would tie the two scores together."
            if found.anonymous
            else "Whoever answered in both periods ties the two scores together, which is allowed "
            "for.",
        ),
        validation="Ranges hold the truth of simulated companies as often as they say.",
        sensitivity="Another length of the periods, or another border between them, may differ.",
        code=code,
    )


def _method(found: Findings, text: str, model: str, formula: str, code: str) -> Method:
    return Method(description=text, card=_card(found, model, formula, code))


def _too_few(found: Findings) -> tuple[str, ...]:
    said = (
        f"A period has fewer than {SMALLEST} {found.counted}: {fmt.count(found.n_before)} before, "
        f"{fmt.count(found.n_after)} after."
    )
    return (said,)


def _total(found: Findings) -> Fact:
    change, factor = found.change, found.stage.measure.factor
    gap = change.difference if change else None
    return Fact(
        id="change.total",
        label=f"Change of {metric_name(found)}{_in_points(found)}",
        value=gap.estimate * factor if gap else None,
        interval=Interval(gap.low * factor, gap.high * factor, gap.level) if gap else None,
        unit=found.stage.measure.change_unit,
        method=_method(
            found,
            "Later minus earlier score, every answer counted; the range joins those of both scores."
            if found.anonymous
            else "Later minus earlier score, every person counted once a period; the range joins "
            "those of both scores and allows for people who answered twice.",
            "Difference of two overlapping waves (MOVER)",
            "score after − score before",
            "cxdash.stats.waves.change_of_waves",
        ),
        n=found.n_before + found.n_after,
        population=found.stage.population,
        period=_periods(found),
        definition="score_change",
        caveats=() if gap else _too_few(found),
        sources=found.stage.ground.sources,
    )


def _in_points(found: Findings) -> str:
    return ", in percentage points" if found.stage.measure.unit == "share" else ""


def _part(found: Findings, step: Step) -> Fact:
    said = [] if step.clear or step.n == 0 else ["With all parts looked at, it may be chance."]
    if step.n == 0:
        said.append("Nobody belongs to this part.")
    split = found.split
    if split and split.draws < 1000:
        said.append(
            f"{split.draws:,} resamples were drawn instead of 1,000, so the range may be off by "
            f"{split.draw_error:.0%} of its width."
        )
    return Fact(
        id=f"change.{step.name}",
        label=f"From {LABELS[step.name]}{_in_points(found)}",
        value=step.estimate,
        interval=Interval(step.low, step.high, LEVEL) if step.n else None,
        unit=found.stage.measure.change_unit,
        method=_method(
            found,
            "One part of the exact split; all parts add up to the change. The range comes from "
            "resampling people.",
            "Additive split of the change of a mean, bootstrap over people",
            _FORMULAS[step.name],
            "cxdash.stats.split.split_change",
        ),
        n=step.n,
        population=LABELS[step.name],
        period=_periods(found),
        definition="score_change_part",
        caveats=tuple(said),
        sources=found.stage.ground.sources,
    )


def _stayed(found: Findings) -> Fact:
    change, factor = found.stayers, found.stage.measure.factor
    if change is None:
        raise ValueError("there are no customers of both periods")
    gap = change.difference
    return Fact(
        id="change.among_stayers",
        label=f"Change among customers of both periods{_in_points(found)}",
        value=gap.estimate * factor,
        interval=Interval(gap.low * factor, gap.high * factor, gap.level),
        unit=found.stage.measure.change_unit,
        method=_method(
            found,
            "The same difference without those who left and without those who joined.",
            "Difference of two overlapping waves (MOVER)",
            "score after − score before, among customers of both periods",
            "cxdash.stats.waves.change_of_waves",
        ),
        n=change.before.n + change.after.n,
        population=f"{found.stage.population} and was a customer in both periods",
        period=_periods(found),
        definition="score_change",
        sources=found.stage.ground.sources,
    )


def _leavers_revenue(found: Findings) -> Iterator[Fact]:
    """Everybody who answered in the earlier period and left, then the unhappy ones among them."""
    gone = found.leavers
    if gone is None:
        return
    whole = Fact(
        id="change.leavers_revenue",
        label="What those who answered in the earlier period and left by the end had paid a year",
        value=gone.revenue,
        unit=found.stage.panel.currency or "count",
        method=_COUNTED,
        n=gone.n,
        population="customers who answered in the earlier period, or in both, and had left by the "
        "end",
        period=_periods(found),
        definition="revenue_of_leavers",
        caveats=("Other customers left without having answered; they are not in it.",)
        if gone.revenue is not None
        else (money_withheld(found) or ("No revenue is known.",)),
        sources=found.stage.ground.sources,
    )
    yield whole
    yield replace(
        whole,
        id="change.leavers_revenue.unhappy",
        label=f"Of that, by {worst_name(found)}",
        value=gone.revenue_unhappy,
        n=gone.unhappy,
        population=f"{whole.population}: {worst_name(found)}",
    )


def worst_name(found: Findings) -> str:
    """The unhappy in plain words, with the answers that make them so."""
    measure = found.stage.measure
    return wording.scored(measure.variant, measure.worst)


def _smallest(found: Findings) -> Fact:
    change, factor = found.change, found.stage.measure.factor
    size = change.smallest_readable() * factor if change else None
    return Fact(
        id="change.smallest_readable",
        label=f"Smallest change these periods could show{_in_points(found)}",
        value=size,
        unit=found.stage.measure.change_unit,
        method=_method(
            found,
            "A true change of this size would be seen four times in five.",
            "Power of a two-sided comparison",
            "(z of 90 % + z of 80 % power) × standard error of the change",
            "cxdash.stats.waves.Change",
        ),
        n=found.n_before + found.n_after,
        population=found.stage.population,
        period=_periods(found),
        definition="smallest_readable_change",
        sources=found.stage.ground.sources,
    )


def _needed(found: Findings) -> Fact:
    return Fact(
        id="change.needed",
        label=f"{sentence_case(found.counted)} needed in each period to read a change of the size "
        "seen",
        value=found.needed,
        unit="count",
        method=_method(
            found,
            "From the spread of the answers, and the share of people who answer in both periods.",
            "Sample size of a two-sided comparison",
            "((z of 90 % + z of 80 % power) / change)² × variance",
            "cxdash.stats.waves.Change",
        ),
        n=found.n_before + found.n_after,
        population=found.stage.population,
        period=_periods(found),
        definition="people_needed",
        caveats=(
            "It takes the change that was seen for the true one.",
            *(_BEYOND if found.beyond_customers else ()),
        ),
        sources=found.stage.ground.sources,
    )


def _level(found: Findings, which: str, wave: Wave | None, n: int) -> Fact:
    both = found.stage.both
    ends = (both.before_from, both.before_until) if which == "before" else (
        both.before_until,
        both.until,
    )  # fmt: skip
    method = _method(
        found,
        f"Mean of what each {'answer' if found.anonymous else 'person'} contributes; the range "
        f"allows for few {found.counted}.",
        {
            "net": "Adjusted Wald interval of a net share",
            "share": "Wilson interval of a share",
            "mean": "Student interval of a mean",
        }[found.stage.measure.kind],
        found.stage.measure.variant.formula,
        "cxdash.stats.waves.wave",
    )
    return Fact(
        id=f"change.{which}",
        label=f"{metric_name(found)}, {period_name(*ends)}",
        value=wave.estimate if wave else None,
        interval=Interval(wave.low, wave.high, wave.level) if wave else None,
        unit=found.stage.measure.unit,
        method=method,
        n=n,
        population=found.stage.population,
        period=period_name(*ends),
        definition=found.stage.measure.variant.variant,
        caveats=() if wave else _too_few(found),
        sources=found.stage.ground.sources,
    )


def _seasonal(found: Findings) -> Iterator[Fact]:
    season, factor = found.season, found.stage.measure.factor
    if season is None:
        return
    named = {
        "change.year_before": ("The same step one year before", season.year_before),
        "change.same_months": ("Against the same months a year before", season.same_months),
    }
    total = _total(found)
    for name, (label, change) in named.items():
        gap = change.difference
        yield replace(
            total,
            id=name,
            label=f"{label}{_in_points(found)}",
            value=gap.estimate * factor,
            interval=Interval(gap.low * factor, gap.high * factor, gap.level),
            n=gap.n_first + gap.n_second,
            period="the same months a year before",
            caveats=(),
        )


def _longest(found: Findings) -> Iterator[Fact]:
    far, factor = found.longest, found.stage.measure.factor
    if far is None:
        return
    gap = far.change.difference
    first = period_name(far.before_from, far.before_until)
    last = period_name(found.stage.both.before_until, found.stage.both.until)
    yield replace(
        _total(found),
        id="change.longest",
        label=f"Over the longest time there is: {last} against {first}{_in_points(found)}",
        value=gap.estimate * factor,
        interval=Interval(gap.low * factor, gap.high * factor, gap.level),
        n=gap.n_first + gap.n_second,
        period=f"{last} against {first}",
        caveats=(
            (
                f"{fmt.count(far.looks)} earlier periods could have been chosen; the range is "
                "wider to allow for all of them (Bonferroni)."
            ),
        ),
    )


def _matched(found: Findings) -> Fact:
    people = found.n_before + found.n_after
    return Fact(
        id="change.matched",
        label=f"Share of the {found.counted} whose customer is known",
        value=found.matched if people else None,
        unit="share",
        method=_COUNTED,
        n=people,
        population=found.stage.population,
        period=_periods(found),
        definition="match_rate",
        caveats=() if people else ("Nobody answered in either period.",),
        sources=found.stage.ground.sources,
    )


def _after_goodbye(found: Findings) -> Fact:
    return Fact(
        id="change.after_goodbye",
        label="Answers left out because they came after the goodbye",
        value=found.stage.after_goodbye,
        unit="count",
        method=_COUNTED,
        n=found.n_before + found.n_after,
        population=found.stage.population,
        period=_periods(found),
        definition="answers",
        caveats=("An exit survey says what leavers think, not how the score of customers moves.",),
        sources=found.stage.ground.sources,
    )
