"""The sentences of ``change``. Directions come from the grammar in :mod:`cxdash.facts.wording`
alone.
"""

from collections.abc import Iterator, Sequence

from cxdash.facts import Fact, Interval, wording
from cxdash.facts import format as fmt
from cxdash.panel import Event, month_end
from cxdash.questions.change.chart import FEWEST_FOR_LIMITS
from cxdash.questions.change.facts import (
    LABELS,
    facts,
    metric_name,
    money_withheld,
    period_name,
    sentence_case,
    worst_name,
)
from cxdash.questions.change.findings import SMALLEST, Findings, Longest, Step
from cxdash.stats.split import (
    FEWEST_TWICE,
    LEFT,
    OCCASIONS,
    STAYED,
    TURNOVER,
    UNKNOWN,
)
from cxdash.stats.waves import Change

__all__ = [
    "bridge_title",
    "caveats",
    "control_title",
    "headline",
    "missing",
    "restated_title",
    "verdict",
]

_MOST_UNKNOWN = 0.2
_FEW_TWICE = 30
_MOST_EVENTS = 4
_MOST_PARTS = 3
_UNMATCHED = " among those who cannot be matched"


def headline(found: Findings) -> str:
    """The Answer: whether the score moved, then what moved it or what would let one tell."""
    return " ".join(part for part in _headline(found) if part)


def verdict(found: Findings) -> str:
    """The change in a word: improved, worsened, rose, fell or cannot tell."""
    if found.change is None or not found.moved:
        return "cannot tell"
    up = found.total > 0
    if found.flattered or found.stage.measure.better == "neither":
        return "rose" if up else "fell"
    return "improved" if up == (found.stage.measure.better == "higher") else "worsened"


def _headline(found: Findings) -> Iterator[str]:
    by_id = {fact.id: fact for fact in facts(found)}
    if found.change is None:
        yield _too_few(found)
        return
    yield _moved(found, by_id)
    yield from _who_moved_it(found, by_id)
    yield _over_the_longest(found, by_id)
    if found.wait and not found.out_of_reach:
        yield wording.wait(found.wait.months, found.wait.until)
    if found.out_of_reach:
        yield wording.readable(metric_name(found), by_id["change.smallest_readable"])


def _who_moved_it(found: Findings, by_id: dict[str, Fact]) -> Iterator[str]:
    """The alarm about leavers where it is due, then the parts beyond chance.

    Where the score moved and leavers lifted it, but another part is larger, nothing is put to them:
    the largest parts stand in order of size.
    """
    if found.anonymous:  # the one part there is, answers of unknown customers, is the whole
        yield _season(found)
        return
    if not found.flattered:
        yield _season(found)
        yield wording.made_of(metric_name(found), _named(found.clear_steps[:_MOST_PARTS], by_id))
        return
    leads = found.leads(LEFT)
    if found.moved and not leads:
        clear = [LABELS[step.name] for step in found.clear_steps]
        yield wording.adds_up(metric_name(found), _named(found.by_size[:_MOST_PARTS], by_id), clear)
    yield wording.leavers(
        metric_name(found),
        by_id["change.total"].interval,
        by_id[f"change.{LEFT}"],
        unhappy=_unhappy(found),
        revenue=by_id.get("change.leavers_revenue"),
        of_unhappy=by_id.get("change.leavers_revenue.unhappy"),
        worst=worst_name(found),
        leads=leads,
    )
    yield _among_stayers(found)
    if not found.moved or leads:
        others = tuple(step for step in found.clear_steps if step.name != LEFT)
        yield wording.made_of(metric_name(found), _named(others[:_MOST_PARTS], by_id))


def _named(steps: Sequence[Step], by_id: dict[str, Fact]) -> list[tuple[str, Fact]]:
    return [(LABELS[step.name], by_id[f"change.{step.name}"]) for step in steps]


def _over_the_longest(found: Findings, by_id: dict[str, Fact]) -> str:
    far, both = found.longest, found.stage.both
    if far is None:
        return ""
    said = wording.longest(
        metric_name(found),
        by_id["change.longest"],
        first=period_name(far.before_from, far.before_until),
        last=period_name(both.before_until, both.until),
        looks=far.looks,
    )
    return f"{said} {_of_the_same(found, far)}" if said else ""


def _of_the_same(found: Findings, far: Longest) -> str:
    """What those did who answered both times: a score that other people lifted is no rise of
    anybody's opinion.
    """
    name = metric_name(found)
    move = f"{'rise' if far.change.difference.estimate > 0 else 'fall'} of {name}"
    if found.anonymous:
        return (
            f"Who answered is not known, so whether the {move} is a change of anybody's mind "
            "cannot be told."
        )
    if far.same is None:
        return (
            f"Fewer than {SMALLEST} people answered both times, so whether the {move} is a change "
            "of anybody's mind or of who answers cannot be told."
        )
    who = f"Among the same {fmt.count(far.same.before.n)} people who answered both times, {name}"
    before, after = _two_scores(found, far.same)
    if not far.same.difference.holds_zero:
        return f"{who} went from {before} to {after}."
    said = f"{who} was {before}, then {after}, which may be chance:"
    if far.others_moved_it:
        return (
            f"{said} arithmetically, the {move} comes from who answers, after others left or "
            "joined, and shows no change of anybody's mind."
        )
    return f"{said} whether the {move} is a change of their mind or of who answers cannot be told."


def _two_scores(found: Findings, change: Change) -> tuple[str, str]:
    """Both scores of one comparison as they are printed: their difference is the one printed."""
    gap = change.difference
    return fmt.pair(
        change.before.estimate,
        change.after.estimate,
        found.stage.measure.unit,
        difference=Interval(gap.low, gap.high, gap.level),
    )


def _too_few(found: Findings) -> str:
    answered = (
        ("answer was given", "answers were given")
        if found.anonymous
        else ("person answered", "people answered")
    )
    return wording.cannot_tell(
        f"whether {metric_name(found)} changed",
        f"{fmt.counted(found.n_before, *answered)} before and {fmt.count(found.n_after)} after, "
        f"and a score of fewer than {SMALLEST} is not shown",
        f"at least {SMALLEST} {found.counted} in each period",
    )


def _moved(found: Findings, by_id: dict[str, Fact]) -> str:
    gap = _in_unit_of_score(found)
    return wording.change(
        metric_name(found),
        by_id["change.before"],
        by_id["change.after"],
        difference=gap,
        # A score that unhappy leavers lifted did not improve.
        better="neither" if found.flattered else found.stage.measure.better,
        needed=None if found.out_of_reach else found.needed,
        there_are=found.stage.customers or None,
        of=found.counted,
    )


def _in_unit_of_score(found: Findings) -> Interval | None:
    if found.change is None:
        return None
    gap = found.change.difference
    return Interval(gap.low, gap.high, gap.level)


def _among_stayers(found: Findings) -> str:
    change = found.stayers
    if change is None:
        return ""
    gap = change.difference
    before, after = _two_scores(found, change)
    name = metric_name(found)
    if gap.holds_zero:
        return (
            f"Among customers of both periods {name} was {before}, then {after}, which may be "
            "chance."
        )
    return f"Among customers of both periods {name} went from {before} to {after}."


def _unhappy(found: Findings) -> bool:
    """Whether most of the leavers had been unhappy, not only less happy than the others."""
    gone = found.leavers
    return gone is not None and gone.unhappy > gone.n - gone.unhappy


def _season(found: Findings) -> str:
    if found.season is None or not found.season.explains:
        return ""
    name = metric_name(found)
    return (
        f"{sentence_case(name)} moved alike in the same months a year before, so its change may be "
        "the season."
    )


def bridge_title(found: Findings) -> str:
    """What the split shows."""
    if found.flattered and (not found.moved or found.leads(LEFT)):
        return f"{sentence_case(metric_name(found))} was lifted by customers who left"
    clear = found.clear_steps
    if not clear:
        return "With all parts looked at, none can be told from chance"
    if found.leads(OCCASIONS):
        return "Most of it comes from the mix of occasions people were asked about"
    word = "Most" if found.leads(clear[0].name) else "Part"
    return f"{word} of it comes from {LABELS[clear[0].name]}"


def restated_title(found: Findings) -> str:
    """The score with and without those who came and went."""
    name = sentence_case(metric_name(found))
    if found.stayers is None:
        return f"{name} in the two periods"
    return f"{name} among all, and among those who were there both times"


def control_title(found: Findings) -> str:
    """What stands out over time: a month beyond the limits, else a long run on one side."""
    name = sentence_case(metric_name(found))
    if not found.points or found.points[0].low is None:
        return f"{name} over time; too few points to say which stand out"
    outside = [fmt.month(month_end(point.month)) for point in found.points if point.outside]
    if outside:
        others = fmt.counted(len(outside) - 3, "other", "others")
        more = f" and {others}" if len(outside) > 3 else ""
        return f"{name} stands out in {', '.join(outside[:3])}{more}"
    run = [fmt.month(month_end(point.month)) for point in found.points if point.in_run]
    if run:
        return f"{name} keeps to one side of its usual level from {run[0]} to {run[-1]}"
    return f"No month of {metric_name(found)} stands out from its ordinary ups and downs"


def caveats(found: Findings) -> tuple[str, ...]:
    """What a reader must know before quoting a number of this Answer."""
    return tuple(dict.fromkeys(_caveats(found)))


def _caveats(found: Findings) -> Iterator[str]:
    yield from _about_events(found)
    yield from _of_answers(found)
    yield from _told_apart(found)
    yield from _about_time(found)
    yield from _left_out(found)
    if found.steps and not found.anonymous:
        yield (
            "The parts say where the change sits, not what brought it about. A part is called "
            "beyond chance when all parts are looked at together; at most one such call in twenty "
            "is expected to be noise."
        )
    yield from money_withheld(found)


def _of_answers(found: Findings) -> Iterator[str]:
    """Whose change it is: answers without a customer, or all beside those who answered twice."""
    if found.anonymous:
        yield (
            "Of no answer the customer is known, so answers are counted and compared, not "
            "customers: who answered several times, left or joined cannot be told."
        )
    same = found.same
    if found.change is None or found.moved or same is None or same.difference.holds_zero:
        return
    before, after = _two_scores(found, same)
    yield (
        f"Among the {fmt.count(same.before.n)} people who answered in both periods it went from "
        f"{before} to {after}; this answer is about all who answered, of whom it cannot be told."
    )


def _told_apart(found: Findings) -> Iterator[str]:
    if found.anonymous:
        return
    if found.step(STAYED) is not None:
        yield (
            f"Fewer than {FEWEST_TWICE} people answered in both periods, so customers who changed "
            "their mind cannot be told from other customers answering."
        )
    elif found.same is not None and found.same.before.n < _FEW_TWICE:
        yield (
            f"{fmt.counted(found.same.before.n, 'person', 'people')} answered in both "
            "periods; what changed among them is known only roughly."
        )
    if found.step(TURNOVER) is not None:
        yield "Nobody who answered in one of the periods was a customer in both."
    if found.change and not found.standings_known:
        yield (
            "It is not known when anybody was a customer, so leaving and joining cannot be told "
            "from other people answering."
        )
    unknown = found.step(UNKNOWN)
    people = found.n_before + found.n_after
    if unknown and unknown.n > _MOST_UNKNOWN * people:
        yield (
            f"{fmt.number(unknown.n / people, 'share')} of the people cannot be placed; their part "
            "of the change cannot be split further."
        )


def _about_time(found: Findings) -> Iterator[str]:
    border = found.stage.month - found.stage.horizon
    cut = next((p for p in found.points if p.month <= border < p.month + p.months - 1), None)
    if cut:
        yield (
            f"The survey wave of {fmt.month(month_end(cut.month))} lies across the border of the "
            "two periods, so one of them holds only its tail. Periods of another length may be "
            "fairer."
        )
    if found.season and found.season.explains:
        yield (
            "The same step one year before went the same way by as much as chance allows; compare "
            "with the same months a year before."
        )
    if found.points and found.points[0].low is None:
        yield (
            f"With {fmt.counted(len(found.points), 'month or wave', 'months or waves')} no limits "
            f"of the ordinary ups and downs are drawn; it takes {FEWEST_FOR_LIMITS}."
        )


def _about_events(found: Findings) -> Iterator[str]:
    between = [found.stage.events[at] for at in found.events_between]
    if between:
        listed = "; ".join(_event(event) for event in between[:_MOST_EVENTS])
        others = len(between) - _MOST_EVENTS
        more = f"; and {fmt.counted(others, 'other', 'others')}" if others > 0 else ""
        one = len(between) == 1
        yield (
            f"{fmt.counted(len(between), 'event falls', 'events fall')} into the two periods "
            f"({listed}{more}). {'It stands' if one else 'They stand'} beside the change in time "
            f"only; nothing here shows that {'it' if one else 'they'} moved it."
        )
    own = [event for event in found.stage.events if event.metric == found.stage.item.name]
    paid = [event for event in own if event.kind == "incentive"]
    if paid:
        first = paid[0]
        yield (
            f"Pay hangs on this score since {fmt.day(first.day)} for {len(paid)} "
            f"{'team' if len(paid) == 1 else 'teams'}; it may measure the asking as much as the "
            "service."
        )


def _event(event: Event) -> str:
    return f"{fmt.day(event.day)}: {wording.quoted(event.what)}"


def _left_out(found: Findings) -> Iterator[str]:
    stage = found.stage
    if stage.after_goodbye:
        yield (
            f"{fmt.counted(stage.after_goodbye, 'answer', 'answers')} given on or after the day "
            "of the goodbye, such as exit surveys, "
            f"{'is' if stage.after_goodbye == 1 else 'are'} left out."
        )
    if stage.filtered_unknown:
        yield (
            f"{fmt.counted(stage.filtered_unknown, 'answer', 'answers')} whose customer is not "
            f"known {'is' if stage.filtered_unknown == 1 else 'are'} left out, because the filter "
            "looks at customers."
        )
    if stage.measure.turned:
        yield "A low answer is the good one here; answers were turned round on their scale."
    if found.anonymous:
        yield "Only answers are spoken of; customers who left without a word are in no number here."
    elif found.change:
        yield (
            "Only those who answered are spoken of; customers who left without a word are in no "
            "part."
        )


def _to_read(found: Findings, needed: int) -> str:
    """What it takes to tell whether the score moved, as it continues "Whether it moved"."""
    if found.out_of_reach:
        return (
            " by less than these periods can show: that is not readable with the customers there "
            "are."
        )
    each = f"{fmt.count(needed)} {found.counted} in each period"
    if found.beyond_customers:
        return (
            f": a change this small is not readable with the {fmt.count(found.stage.customers)} "
            f"customers there are; it takes about {each}. Longer periods show more."
        )
    if found.wait:
        to_answer = "" if found.anonymous else " to answer"
        return f": wait until {fmt.month(found.wait.until)}, or get {each}{to_answer}."
    return f": a change this small takes {each}; waiting up to three years would not do."


def missing(found: Findings) -> tuple[str, ...]:
    """What this data cannot tell, and what would let it."""
    return tuple(dict.fromkeys(_missing(found)))


def _missing(found: Findings) -> Iterator[str]:
    stage, both = found.stage, found.stage.both
    if found.change is None:
        yield (
            f"Import more answers: {SMALLEST} {found.counted} in "
            f"{period_name(both.before_from, both.before_until)} and in "
            f"{period_name(both.before_until, both.until)} are the least; or choose longer periods."
        )
    elif not found.moved and found.needed is not None:
        yield f"Whether it moved{_to_read(found, found.needed)}"
    if found.matched < 1 - _MOST_UNKNOWN and found.n_before + found.n_after:
        whose = "" if found.anonymous else _UNMATCHED
        yield (
            f"Who left, joined or changed their mind{whose}: import the customer list, or "
            "map the column of the survey that names the customer."
        )
    if found.change and not found.standings_known:
        yield "Who left and who joined: import subscriptions or payments."
    if not stage.events:
        yield (
            "What happened in these months: import a list of events (kind events: day, what, kind)."
        )
    yield from stage.conditions.would_help
    if found.change and not found.anonymous:
        yield (
            "Why the same customers changed their mind: read what they wrote, or try a change on "
            "some of them drawn by lot."
        )
