"""The fixed grammar: every headline and every claim of the product is made here.

A direction ("improved", "more often", "fell") can only come out when an interval lies wholly on one
side of zero. Otherwise the sentence says that it cannot tell, and how much data it would need.

Two groups that differ are described ("left more often"), never explained: words of cause need a
comparison by lot or one that passed its checks (:attr:`Grade.is_verified`), and only :func:`effect`
has them; :func:`leavers` says "because" of plain arithmetic. Differences are always first minus
second, or after minus before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cxdash.facts.definitions import Band, Better, Definition, ensure_comparable
from cxdash.facts.fact import Fact, Interval
from cxdash.facts.format import (
    MINUS,
    Printer,
    count,
    fact_text,
    fact_value,
    month,
    number,
    pair,
    printer,
)
from cxdash.facts.format import gap as gap_text
from cxdash.facts.grade import Grade
from cxdash.facts.words import (
    CAUSE_WORDS,
    DIRECTION_WORDS,
    begun,
    cause_words,
    claims,
    direction_words,
    named,
    neutral,
    quoted,
)

__all__ = [
    "CAUSE_WORDS",
    "DIRECTION_WORDS",
    "adds_up",
    "again",
    "alike",
    "ask",
    "cannot_tell",
    "cause_words",
    "change",
    "compare",
    "compare_rates",
    "coverage",
    "direction_words",
    "earned",
    "effect",
    "examined",
    "examined_open",
    "excess",
    "held_back",
    "leavers",
    "level",
    "longest",
    "made_of",
    "moves_with",
    "quoted",
    "readable",
    "remaining",
    "ruled_out",
    "scored",
    "stake",
    "step",
    "three_scores",
    "to_check",
    "wait",
    "withheld",
]

_NO_RANGE: Final = "money is not shown without its range"
_FINEST_TRIES: Final = 4
_SAME_GAP: Final = 1e-9  # a difference that is not that of the rates need not add up to it


@dataclass(frozen=True, slots=True)
class _Pair:
    """The word for a positive and for a negative difference."""

    positive: str
    negative: str

    def word(self, difference: Interval) -> str:
        return self.positive if difference.low > 0 else self.negative


_RANK: Final = _Pair("higher", "lower")
_OFTEN: Final = _Pair("more often", "less often")
_DONE: Final = _Pair("raised", "lowered")
_PAID: Final = _Pair("more", "less")
_MOVED: Final[dict[Better, _Pair]] = {
    "higher": _Pair("improved", "worsened"),
    "lower": _Pair("worsened", "improved"),
    "neither": _Pair("rose", "fell"),
}


def scored(definition: Definition, band: Band) -> str:
    """The customers of a band in plain words: ``unhappy customers (0–6)``.

    The band's own words where they say what the customer meant, else the scale alone:
    ``customers who scored 0–6``.
    """
    if definition.variant == "fcr.survey":
        was = "was" if band.low else "was not"
        return f"customers who said their question {was} solved the first time"
    ends = printer([band.low, band.high], "count").spread(band.low, band.high)
    word = band.label.split(" (")[0].lower()
    if word.startswith("found it"):
        return f"customers who {word} ({ends})"
    if word in {"low", "middle", "high", "neither"}:
        return f"customers who scored {ends}"
    return f"{word} customers ({ends})"


def level(fact: Fact, *, of: str) -> str:
    """A figure as it stands: ``NPS is 46 (range 33–58), from 87 answers.``

    A label that names people takes a colon, since people are no percentage: ``Customers who left:
    12%, from 87 windows.`` ``of`` says what ``fact.n`` counts: ``answers``, ``customers``.
    """
    if fact.value is None:
        return cannot_tell(f"what {named(fact.label)} is", _why(fact))
    verb = ":" if fact.label.startswith("Customers") else " is"
    return f"{begun(named(fact.label))}{verb} {fact_text(fact)}, from {count(fact.n)} {of}."


def compare(
    first: str,
    second: str,
    *,
    measure: str,
    unit: str,
    difference: Interval | None,
    estimate: float | None = None,
    needed: int | None = None,
    of: str = "customers",
    among: str = "",
) -> str:
    """Two groups on one measure: ``NPS is higher for A than for B, by 7 points (range 2–12).``

    Parameters
    ----------
    difference, estimate
        First minus second in ``unit``. None: there was too little data to compare.
    needed
        Customers (or what ``of`` says) in each group that would show a difference of this size.
    among
        Whom alone the comparison is about, where the same measure of others may say otherwise:
        ``Among the 43 customers who answered in both periods, NPS is lower for A than for B ...``
    """
    a, b, what = named(first), named(second), named(measure)
    size = _clear_size(difference, estimate, unit)
    whose = f"among {named(among)}, " if among else ""
    if difference is None or size is None:
        subject = f"whether {whose}{what} differs between {a} and {b}"
        whom = f"{of} in each group"
        return _unclear(subject, difference, estimate, unit, needed=needed, whom=whom)
    return f"{begun(f'{whose}{what}')} is {_RANK.word(difference)} for {a} than for {b}, by {size}."


def compare_rates(
    first: str,
    second: str,
    *,
    did: str,
    difference: Interval | None,
    estimate: float | None = None,
    rate_first: Fact | None = None,
    rate_second: Fact | None = None,
    needed: int | None = None,
    there_are: int | None = None,
    held_constant: str = "",
) -> str:
    """How often two groups did something: ``Customers who scored 0–6 left more often than ...``.

    Parameters
    ----------
    did
        What happened, beginning with its verb in the past tense: ``left within 6 months``.
    difference, estimate
        Share in the first group minus share in the second (0 to 1).
    rate_first, rate_second
        The shares themselves, printed when both are given and agree with the difference.
    needed, there_are
        Customers in each group that would show a difference of this size, and how many there are.
    held_constant
        What was held equal, for example ``segment and time as a customer``.
    """
    a, b = named(first), named(second)
    given = f", given the same {neutral(held_constant)}" if held_constant else ""
    size = _clear_size(difference, estimate, "share")
    if difference is None or size is None:
        subject = f"whether {a} {neutral(did)} at another rate than {b}{given}"
        whom = "customers in each group"
        return _unclear(
            subject,
            difference,
            estimate,
            "share",
            needed=needed,
            whom=whom,
            there_are=there_are,
        )
    verb, _, rest = neutral(did).partition(" ")
    happened = f"{verb} {_OFTEN.word(difference)} {rest}".rstrip()
    rates, size = _rates(rate_first, rate_second, difference, estimate, size)
    return f"{begun(a)} {happened} than {b}{given}{rates}, a difference of {size}."


def remaining(
    first: str,
    second: str,
    *,
    measure: str,
    difference: Interval,
    estimate: float,
    held_equal: str,
    unit: str = "share",
) -> str:
    """What is left of a difference once something is held equal.

    ``With segment and plan held equal, the difference in leaving within 6 months between A and B is
    8 percentage points (range 5–11).`` It names the groups and the measure by itself, as the
    sentence before it may be withheld.

    Parameters
    ----------
    measure
        What differs, as it follows "the difference in": ``leaving within 6 months``.
    difference, estimate
        First minus second in ``unit``, the rest held equal.
    """
    given = f"With {neutral(held_equal)} held equal"
    between = f"in {neutral(measure)} between {named(first)} and {named(second)}"
    size = _clear_size(difference, estimate, unit)
    if size is None:
        subject = f"whether a difference {between} remains"
        unclear = _unclear(subject, difference, estimate, unit, needed=None, whom="")
        return f"{given}: {unclear[:1].lower()}{unclear[1:]}"
    return f"{given}, the difference {between} is {size}."


def ruled_out(first: str, second: str, *, measure: str, beyond: float, unit: str = "share") -> str:
    """Which differences a range leaves no room for.

    ``A difference in leaving within 6 months between A and B beyond 13.3 percentage points is all
    but ruled out.``
    """
    return (
        f"A difference in {neutral(measure)} between {named(first)} and {named(second)} beyond "
        f"{gap_text(beyond, unit)} is all but ruled out."
    )


def again(
    given: str,
    *,
    difference: Interval | None,
    estimate: float | None,
    unit: str,
    expected: float,
) -> str:
    """A difference looked at again in another way, beside what was claimed.

    ``With the same price, the difference is 5.0 percentage points (range 3.0–7.0).``

    Parameters
    ----------
    given
        What is done another way; begins the sentence. Names of people's making quoted before.
    difference, estimate
        As it comes out now, in the direction of the claim's own arithmetic. None: too few to tell.
    expected
        The claim's own estimate, of which the sign counts: a clear difference of the other sign is
        said to point the other way.
    """
    lead = neutral(given)
    if difference is None or estimate is None:
        return f"{lead}, there are too few to tell."
    size = _clear_size(difference, estimate, unit)
    if size is None:
        reach = _signed_range(difference, unit)
        return f"{lead}, the difference lies anywhere in the range {reach}."
    if estimate * expected < 0:
        return f"{lead}, the difference points the other way: {size}."
    return f"{lead}, the difference is {size}."


def examined(holding: int, agreeing: int, ways: int) -> str:
    """In how many ways of computing it a claim holds.

    ``The claim holds in 41 of 48 defensible ways of computing it; in 47 it points the same way.``

    Parameters
    ----------
    holding
        Ways whose range lies wholly on the claim's side of zero.
    agreeing
        Ways whose estimate does.
    ways
        All of them.
    """
    if not 0 <= holding <= agreeing <= ways or ways < 1:
        raise ValueError(f"{holding} of {agreeing} of {ways} ways do not add up")
    if ways == 1:
        return "There is only one defensible way of computing the claim with these data."
    if holding == ways:
        return f"The claim holds in all {count(ways)} defensible ways of computing it."
    same = "all" if agreeing == ways else count(agreeing)
    held = count(holding) if holding else "none"
    return (
        f"The claim holds in {held} of {count(ways)} defensible ways of computing it; in {same} "
        "it points the same way."
    )


def examined_open(
    above: int, below: int, ways: int, *, first: str, second: str, did: str = "", measure: str = ""
) -> str:
    """In how many ways of computing an open claim a difference shows, and which way it goes.

    ``In 13 of 48 defensible ways of computing it a difference beyond noise shows: in 12 A left more
    often than B, in 1 less often.``

    Parameters
    ----------
    above, below
        Ways whose range of first minus second lies wholly above zero, and wholly below it.
    ways
        All of them.
    did, measure
        What the rates are about, one word such as ``left``; or what else is compared.
    """
    shown = above + below
    if min(above, below) < 0 or shown > ways or ways < 1:
        raise ValueError(f"{above} and {below} of {ways} ways do not add up")
    if ways == 1:
        return "There is only one defensible way of computing the claim with these data."
    lead = f"of {count(ways)} defensible ways of computing it a difference beyond noise shows"
    if not shown:
        return f"In none {lead}."
    a, b = named(first), named(second)
    pair = _OFTEN if did else _RANK

    def told(word: str) -> str:
        if did:
            return f"{a} {neutral(did)} {word} than {b}"
        return f"{named(measure)} is {word} for {a} than for {b}"

    lead = f"In {count(shown)} {lead}"
    if above and below:
        return (
            f"{lead}: in {count(above)} {told(pair.positive)}, in {count(below)} {pair.negative}."
        )
    where = "in that one" if shown == 1 else "in all of them"
    return f"{lead}: {where} {told(pair.positive if above else pair.negative)}."


def moves_with(
    thing: str,
    *,
    after: str,
    unit: str,
    difference: Interval | None,
    estimate: float | None = None,
    backwards: bool = False,
) -> str:
    """What customers paid a month compared with themselves, before and after.

    ``Compared with themselves, customers paid $12 (range $5–20) more a month after their answer to
    support was 0.6 points better (on 1–5).``

    Parameters
    ----------
    thing
        What moved.
    after
        The move, beginning after "after"; names that people typed quoted before.
    difference, estimate
        Money a month, after the move minus without it.
    backwards
        Whether money also goes with what customers say later.
    """
    size = _clear_size(difference, estimate, unit)
    if difference is None or size is None:
        subject = f"whether what a customer pays goes with {named(thing)}"
        return _unclear(subject, difference, estimate, unit, needed=None, whom="")
    word = _PAID.word(difference)
    said = f"Compared with themselves, customers paid {size} {word} a month after {after}."
    if not backwards:
        return said
    return f"{said} What they say later goes with it too, so the money may have moved first."


def change(
    measure: str,
    before: Fact,
    after: Fact,
    *,
    difference: Interval | None,
    better: Better = "neither",
    needed: int | None = None,
    there_are: int | None = None,
    of: str = "answers",
) -> str:
    """One measure in two periods: ``NPS improved from 39 to 46, by 7 points (range 2–12).``

    ``needed`` of ``of`` in each period would show such a change; where ``there_are`` fewer in all,
    it is said to be unreadable with them.

    Raises
    ------
    VariantsDifferError
        If the two Facts are not of the same definition and variant.
    """
    ensure_comparable(before.definition, after.definition)
    what = named(measure)
    for fact in (before, after):
        if fact.value is None:
            return cannot_tell(f"whether {what} changed", _why(fact))
    start, end = before.value or 0.0, after.value or 0.0
    size = _clear_size(difference, end - start, after.unit)
    if difference is None or size is None:
        was, then = fact_value(before), fact_value(after)
        if difference is not None:
            was, then = pair(start, end, after.unit, difference=difference)
        subject = (
            f"whether {what} changed: it was {was} ({count(before.n)} {of}), "
            f"then {then} ({count(after.n)} {of})"
        )
        whom = f"{of} in each period"
        return _unclear(
            subject,
            difference,
            end - start,
            after.unit,
            needed=needed,
            whom=whom,
            there_are=there_are,
        )
    first, last = pair(start, end, after.unit, difference=difference)
    if first == last:
        scale = _telling_apart(start, end, after.unit, difference.width)
        first, last = scale.number(start), scale.number(end)
    moved = _MOVED[better].word(difference)
    return f"{begun(what)} {moved} from {first} to {last}, by {size}."


def leavers(
    measure: str,
    difference: Interval | None,
    part: Fact,
    *,
    unhappy: bool,
    revenue: Fact | None = None,
    of_unhappy: Fact | None = None,
    worst: str = "unhappy customers",
    leads: bool = True,
) -> str:
    """The alarm: a score was lifted by those who are no longer there to pull it down.

    ``NPS rose because unhappy customers left, which alone makes +20 points (range 15–25). Customers
    who left had paid $24,000 a year (20 customers), of which $24,000 by unhappy customers (0–6)
    (20 of the 20).`` This is arithmetic, not a guess at causes: the part is what the score gains
    when their answers are taken out of the earlier period.

    Parameters
    ----------
    measure
        The score, named in each sentence, since any of them may be withheld.
    difference
        The change of the score as a whole; it is said to have risen only if that is clear.
    part
        What the leavers make of it; above zero beyond noise.
    unhappy
        Whether most of them were unhappy, or they only scored below those who stayed.
    revenue
        What the leavers had paid a year, where money may be shown; its ``n`` counts them.
    of_unhappy
        What the unhappy ones among them had paid, and how many they were.
    worst
        What the unhappy ones are called.
    leads
        Whether the part is the largest that goes the way of the change, and at least half of it.

    Raises
    ------
    ValueError
        If the part may be nothing or points the other way.
    """
    if part.interval is None or part.interval.low <= 0:
        raise ValueError(f"{part.id}: leavers did not lift the score beyond noise")
    what = named(measure)
    paid = _paid_by_leavers(revenue, of_unhappy, worst)
    size = _signed_size(part)
    if difference is not None and difference.low > 0 and leads:
        cost = ""
        if unhappy and of_unhappy is not None and (of_unhappy.value or 0) > 0:
            cost = f" ({MINUS}{fact_value(of_unhappy)} a year)"
        who = (
            "unhappy customers left" if unhappy else "customers left who had scored below the rest"
        )
        more = f" All who answered and left {paid}." if paid else ""
        return f"{begun(what)} rose because {who}{cost}, which alone makes {size}.{more}"
    more = f"; they {paid}" if paid else ""
    # Where the score rose and other parts are larger, the sizes were told with them.
    alone = (
        ""
        if difference is not None and difference.low > 0
        else f", which alone makes {size} in {what}"
    )
    return f"Customers who left had scored below the rest{alone}{more}."


def _paid_by_leavers(revenue: Fact | None, of_unhappy: Fact | None, worst: str) -> str:
    """``had paid $738,300 a year, of which $172,620 by unhappy customers (0–6), 13 of the 47``."""
    if revenue is None or (revenue.value or 0) <= 0:
        return ""
    said = f"had paid {fact_value(revenue)} a year"
    if of_unhappy is None or (of_unhappy.value or -1) < 0:
        return said
    return (
        f"{said}, of which {fact_value(of_unhappy)} by {neutral(worst)}, "
        f"{count(of_unhappy.n)} of the {count(revenue.n)}"
    )


def adds_up(measure: str, parts: Sequence[tuple[str, Fact]], clear: Sequence[str]) -> str:
    """The largest parts of a change in order of size, each with its range, whether clear or not.

    ``Arithmetically, the largest parts of the change of NPS are +8 points (range 1–15) from ...;
    and +7.3 points (range 4.9–9.7) from customers who left. Beyond chance when all parts are looked
    at together: customers who left.``

    Parameters
    ----------
    parts
        Words that continue "from", and the part; the largest first.
    clear
        The words of those beyond chance when all parts are looked at together.
    """
    said = [f"{_part_size(part)} from {named(words)}" for words, part in parts]
    if not said:
        return ""
    listed = said[0] if len(said) == 1 else f"{'; '.join(said[:-1])}; and {said[-1]}"
    beyond = " and ".join(named(words) for words in clear) if clear else "none"
    return (
        f"Arithmetically, the largest parts of the change of {named(measure)} are {listed}. "
        f"Beyond chance when all parts are looked at together: {beyond}."
    )


def longest(measure: str, change: Fact, *, first: str, last: str, looks: int) -> str:
    """The longest comparison there is, if it can be read; otherwise empty.

    ``Over the longest time there is, from January to June 2024 to January to June 2026, NPS rose by
    12 points (range 1–24), with all 4 comparisons it was chosen from allowed for.``
    """
    size = _clear_size(change.interval, change.value, change.unit)
    if change.interval is None or size is None:
        return ""
    moved = _MOVED["neither"].word(change.interval)
    return (
        f"Over the longest time there is, from {neutral(first)} to {neutral(last)}, "
        f"{named(measure)} {moved} by {size}; the range allows for the {count(looks)} "
        "comparisons that could have been chosen."
    )


def made_of(measure: str, parts: Sequence[tuple[str, Fact]]) -> str:
    """Parts of a change beyond noise.

    ``Beyond chance in the change of NPS: +8 points (range 1–15) from ... and ...`` Each part comes
    with the words that continue "from". Empty without parts.

    Raises
    ------
    ValueError
        If a part may be nothing.
    """
    said = [f"{_signed_size(part)} from {named(words)}" for words, part in parts]
    if not said:
        return ""
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"Beyond chance in the change of {named(measure)}: {listed}."


def readable(measure: str, smallest: Fact) -> str:
    """What a comparison this size could have shown, when it showed nothing."""
    if smallest.value is None:
        return ""
    size = printer([smallest.value], smallest.unit, width=smallest.value, difference=True)
    return (
        f"A true change of {named(measure)} by {size.number(smallest.value)} would have shown four "
        "times in five."
    )


def wait(months: int, until: date) -> str:
    """How long it takes until a change of the size seen could be read."""
    more = "another month" if months == 1 else f"another {count(months)} months"
    return f"Or wait until {month(until)}: {more} of answers at the present pace."


def effect(
    action: str,
    measure: str,
    *,
    unit: str,
    difference: Interval | None,
    grade: Grade,
    estimate: float | None = None,
    needed: int | None = None,
    of: str = "customers",
) -> str:
    """What an action did, with minus without. Words of cause come out for grade A and B only."""
    what, deed = named(measure), named(action)
    size = _clear_size(difference, estimate, unit)
    if difference is None or size is None:
        subject = f"whether {what} differs with and without {deed}"
        whom = f"{of} in each group"
        return _unclear(subject, difference, estimate, unit, needed=needed, whom=whom)
    if grade.is_verified:
        return f"{begun(deed)} {_DONE.word(difference)} {what} by {size}."
    return (
        f"{begun(what)} is {_RANK.word(difference)} with {deed} than without, by {size}; "
        "whether the one follows from the other is not verified."
    )


def stake(fact: Fact, *, horizon: int, whole: Fact | None = None, cash: Fact | None = None) -> str:
    """Money at stake, always with its range.

    ``whole`` is the revenue of the same customers over the same months, named for scale; ``cash``
    the part of what is at stake that would be missing before these months are over.
    """
    if fact.value is None:
        return withheld(fact.label, _why(fact))
    if fact.interval is None:
        return withheld(fact.label, _NO_RANGE)
    months = "month" if horizon == 1 else printer([horizon], "months").number(horizon)
    of_whole = ""
    if whole is not None and whole.value is not None:
        if whole.unit != fact.unit:
            raise ValueError(f"{fact.id} is in {fact.unit} but its whole in {whole.unit}")
        of_whole = f", out of {number(whole.value, whole.unit, interval=whole.interval)}"
    each = "the whole month" if horizon == 1 else f"all {months}"
    counting = f"; whoever leaves counts for {each}{_inside(cash, each)}"
    return f"At stake over the next {months}: {fact_text(fact)} of revenue{of_whole}{counting}."


_REST_EQUAL: Final = "the difference in leaving, with the rest held equal,"


def excess(fact: Fact, stake: Fact, *, horizon: int, cash: Fact | None = None) -> str:
    """What a difference between groups stands for in money, beside all that is at stake.

    ``The difference in leaving, with the rest held equal, stands for $77,000 (range
    $30,000–120,000) of revenue.`` It leans on no other sentence, as that may be withheld. With
    ``cash``, the part of what is at stake that would be missing before these months are over is
    said, too.
    """
    if fact.value is None:
        return withheld(fact.label, _why(fact))
    if fact.interval is None:
        return withheld(fact.label, _NO_RANGE)
    if fact.interval.low <= 0:
        low, high = fact.interval.low, fact.interval.high
        reach = f"{number(low, fact.unit, interval=fact.interval)} to " + number(
            high, fact.unit, interval=fact.interval
        )
        return cannot_tell(f"what {_REST_EQUAL} stands for in money", f"the range is {reach}")
    months = "month" if horizon == 1 else printer([horizon], "months").number(horizon)
    beside = ""
    if stake.value is not None and stake.unit == fact.unit:
        each = "the whole month" if horizon == 1 else f"all {months}"
        beside = f", beside {fact_text(stake)} at stake in all{_counting_cash(cash, each)}"
    return (
        f"T{_REST_EQUAL[1:]} stands for {fact_text(fact)} of revenue over the next "
        f"{months}{beside}."
    )


def _inside(cash: Fact | None, each: str) -> str:
    """The part of a stake that would be missing before its months are over; empty if not known."""
    if cash is None or cash.value is None or cash.interval is None:
        return ""
    within = each.removeprefix("the whole ").removeprefix("all ")
    return f", and of that {fact_text(cash)} would be missing as cash within the {within}"


def _counting_cash(cash: Fact | None, each: str) -> str:
    said = _inside(cash, each)
    return f"; whoever leaves counts for {each}{said}" if said else ""


def cannot_tell(subject: str, reason: str, would_need: str = "") -> str:
    """``Cannot tell whether NPS changed: only one period has answers. It would need ...``

    ``subject`` continues "Cannot tell"; ``reason`` and ``would_need`` are sentences of the program
    without a full stop. Names that people typed go through :func:`quoted` first.

    Raises
    ------
    ValueError
        If one of them claims that something changed or ranks before another.
    """
    return f"Cannot tell {neutral(subject)}: {neutral(reason)}.{_need(would_need)}"


def withheld(subject: str, reason: str, would_need: str = "") -> str:
    """``Revenue at stake is withheld: 19.8% of answers match a customer. It would need ...``

    Checks ``reason`` and ``would_need`` as :func:`cannot_tell` does.
    """
    return f"{begun(named(subject))} is withheld: {neutral(reason)}.{_need(would_need)}"


def coverage(customers: Fact, revenue: Fact | None = None, *, heard: int | None = None) -> str:
    """Whom we heard: ``We heard 38% of customers, who bring 52% of revenue.``

    ``heard`` of ``customers.n`` are named beside the share: ``38% of customers (380 of 1,000)``.
    """
    if customers.value is None:
        return cannot_tell("how many customers we heard", _why(customers))
    counted = "" if heard is None else f" ({count(heard)} of {count(customers.n)}, in any survey)"
    said = f"We heard {fact_value(customers)} of customers{counted}"
    if revenue is None or revenue.value is None:
        return f"{said}; how much revenue they bring is not known."
    return f"{said}, who bring {fact_value(revenue)} of revenue."


def three_scores(
    measure: str,
    heard: Fact,
    adjusted: Fact | None,
    bounds: Fact | None,
    *,
    customers: int | None = None,
    within: str = "",
) -> str:
    """One score as it was heard, weighted to all customers, and wherever it can lie.

    ``NPS is 23 (range 20–26) among the 475 of 1,110 customers who answered it in twelve months, 19
    (range 14–24) with their answers weighted to all customers, and anywhere from −40 to 60 whatever
    the silent think.``

    None of the three is called right; ``adjusted`` or ``bounds`` may be missing, and so may
    ``customers``, of whom ``heard.n`` answered: where nothing says who is a customer, answers are
    counted and nobody is called one.
    """
    if heard.value is None:
        return cannot_tell(f"what {named(measure)} is", _why(heard))
    who = f"the {count(heard.n)} answers given"
    if customers is not None:
        who = f"the {count(heard.n)} of {count(customers)} customers who answered it"
    time = f" {neutral(within)}" if within else ""
    parts = [f"{begun(named(measure))} is {fact_text(heard)} among {who}{time}"]
    if adjusted is not None and adjusted.value is not None:
        parts.append(f"{fact_text(adjusted)} with their answers weighted to all customers")
    if bounds is not None and bounds.interval is not None:
        reach = bounds.interval
        ends = printer([reach.low, reach.high], bounds.unit, width=reach.width)
        low, high = ends.number(reach.low), ends.number(reach.high)
        parts.append(f"anywhere from {low} to {high} whatever the silent think")
    if len(parts) == 1:
        return f"{parts[0]}."
    return f"{', '.join(parts[:-1])}{',' if len(parts) > 2 else ''} and {parts[-1]}."


def held_back(findings: int) -> str:
    """How many findings are not shown since they may be noise."""
    if findings < 0:
        raise ValueError(f"a number of findings is not negative, got {findings}")
    if findings == 0:
        return "No finding is held back."
    if findings == 1:
        return "1 finding is held back: it may be noise."
    return f"{count(findings)} findings are held back: they may be noise."


def earned(names: Sequence[str], metrics: int, *, told: str) -> str:
    """How many metrics earned their place, and which.

    ``2 of 9 metrics earned their place: NPS and billing tell beforehand who leaves.``

    Parameters
    ----------
    names
        The metrics that did, in order.
    metrics
        All that were tried.
    told
        What they do, in the plural, without a full stop.
    """
    if len(names) > metrics or metrics < 1:
        raise ValueError(f"{len(names)} of {metrics} metrics do not add up")
    tried = f"{count(metrics)} metric{'s' if metrics > 1 else ''}"
    if not names:
        return (
            f"None of {tried} has earned its place yet."
            if metrics > 1
            else ("The only metric has not earned its place yet.")
        )
    place = "its place" if len(names) == 1 else "their place"
    listed = [named(name) for name in names]
    all_of = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    return f"{count(len(names))} of {tried} earned {place}: {all_of} {neutral(told)}."


def alike(names: Sequence[str], metrics: int, *, told: str, apart: int = 0) -> str:
    """Metrics that work of which none adds to the others: no praise before that is said.

    ``8 of 15 metrics tell beforehand who leaves, but they tell the same thing: held beside each
    other, none adds anything beyond noise to the others, so one of them may do. They are NPS, ...``

    Parameters
    ----------
    names
        The metrics that work, at least two.
    metrics
        All that were tried.
    told
        What they do, in the plural, without a full stop.
    apart
        How many of the named could not be held beside the others.
    """
    if len(names) - apart < 2 or len(names) > metrics or apart < 0:
        raise ValueError(f"{len(names)} of {metrics} metrics and {apart} apart do not add up")
    together = len(names) - apart
    they = f"the {count(together)} that could be held beside each other" if apart else "they"
    others = "the others" if together > 2 else "the other"
    listed = [named(name) for name in names]
    said = (
        f"{count(len(names))} of {count(metrics)} metrics {neutral(told)}, but {they} tell the "
        f"same thing: held beside each other, none adds anything beyond noise to {others}, so one "
        f"of them may do. They are {', '.join(listed[:-1])} and {listed[-1]}."
    )
    if not apart:
        return said
    rest = "1 of them" if apart == 1 else f"{count(apart)} of them"
    return f"{said} For {rest} there are too few data to hold it beside the others."


def overlap(own: Sequence[str], together: int, *, apart: int = 0) -> str:
    """Whether several metrics that work tell one thing or several.

    ``They carry largely one signal: beside the others only NPS tells something of its own.``

    Parameters
    ----------
    own
        The metrics that tell something when the others are known.
    together
        How many were held beside each other, at least two.
    apart
        How many others work but could not be held beside them.
    """
    if together < 2 or len(own) > together or apart < 0:
        raise ValueError(f"{len(own)} of {together} metrics and {apart} apart do not add up")
    they, others = f"The {count(together)} held together" if apart else "They", "the others"
    if together == 2:
        others = "the other"
    listed = [named(name) for name in own]
    if not own:
        said = (
            f"{they} carry largely one signal: none tells anything beyond noise that {others} "
            f"{'do' if together > 2 else 'does'} not, so one of them may do."
        )
    elif len(own) == 1:
        said = (
            f"{they} carry largely one signal: beside {others} only {listed[0]} tells something "
            "of its own."
        )
    elif len(own) == together:
        said = f"{they} each tell something {others} {'do' if together > 2 else 'does'} not."
    else:
        said = (
            f"{they} overlap: beside {others} {', '.join(listed[:-1])} and {listed[-1]} tell "
            "something of their own, the rest nothing beyond noise."
        )
    if not apart:
        return said
    others = "1 other that works" if apart == 1 else f"{count(apart)} others that work"
    return f"{said} For {others} there are too few data to tell."


def to_check(units: int, judged: int, metric: str) -> str:
    """How many units should be looked at; nothing is said of anybody's doing.

    ``3 of 14 units should be checked: their best answers to csat do not fit with the rest.``
    """
    if not 0 <= units <= judged or judged < 1:
        raise ValueError(f"{units} of {judged} units do not add up")
    what = named(metric)
    if not units:
        return f"No unit of {count(judged)} stands out by its best answers to {what}."
    return (
        f"{count(units)} of {count(judged)} units should be checked: "
        f"{'its' if units == 1 else 'their'} best answers to {what} do not fit with the rest."
    )


def step(
    metric: str,
    size: str,
    *,
    upward: bool,
    did: str,
    difference: Interval | None,
    estimate: float | None,
    spent: bool = False,
    held_constant: str = "",
) -> str:
    """What goes with a step of a metric, as far as customers on both sides of it differ.

    ``Customers with NPS 2 points higher left less often within 6 months, by 1.2 percentage points
    (range 0.6–1.9).``

    Parameters
    ----------
    size
        The step with its unit, such as ``2 points``.
    upward
        Whether the step that is good for the company goes up the scale.
    did
        What followed, beginning with its verb in the past tense.
    difference, estimate
        Share (0 to 1) after the step minus before it.
    spent
        Whether ``did`` is an amount rather than how often something happened.
    """
    who = f"customers with {named(metric)} {neutral(size)}"
    given = f", given the same {neutral(held_constant)}" if held_constant else ""
    gap = _clear_size(difference, estimate, "share")
    verb, _, rest = neutral(did).partition(" ")
    if difference is None or gap is None:
        subject = f"whether {who} apart {verb} {rest} at another rate{given}".replace("  ", " ")
        return _unclear(subject, difference, estimate, "share", needed=None, whom="")
    side = "higher" if upward else "lower"
    happened = f"{verb} {(_PAID if spent else _OFTEN).word(difference)} {rest}".rstrip()
    return f"{begun(who)} {side} {happened}{given}, by {gap}."


def ask(decision: str, fact: Fact | None = None) -> str:
    """The one decision a meeting is asked for, with the money it concerns.

    ``decision`` continues "Decide whether to" and is checked as :func:`cannot_tell` does.
    """
    sentence = f"Decide whether to {neutral(decision)}"
    if fact is None or fact.value is None or fact.interval is None:
        return f"{sentence}."
    return f"{sentence}: {fact_text(fact)} of revenue is at stake there."


def _clear_size(difference: Interval | None, estimate: float | None, unit: str) -> str | None:
    """Size of a clear difference with its range, both without sign; None when nothing is clear.

    Nothing is clear when the interval is missing or holds zero, when the estimate points the other
    way, or when an end is so near to zero that it would be printed as zero.
    """
    if difference is None or difference.holds(0):
        return None
    near, far = sorted((abs(difference.low), abs(difference.high)))
    values = [near, far]
    if estimate is not None:
        if not estimate * difference.low > 0:
            return None
        values.append(abs(estimate))
    scale = printer(values, unit, width=difference.width, difference=True)
    if any(scale.digits(value) == scale.digits(0.0) for value in values):
        return None
    if estimate is None:
        return scale.spread(near, far)
    return f"{scale.number(abs(estimate))} (range {_without_word(scale, near, far)})"


def _signed_size(part: Fact) -> str:
    """A part of a change with its sign and range: ``+8 points (range 1–15)``."""
    if part.value is None or part.interval is None or part.interval.holds(0):
        raise ValueError(f"{part.id}: a part that may be nothing is not told as one")
    return _part_size(part)


def _part_size(part: Fact) -> str:
    """A part with its sign and range, also one that may be nothing."""
    if part.value is None:
        raise ValueError(f"{part.id}: a part without a value is no part")
    if part.interval is None:
        return printer([part.value], part.unit, difference=True).number(part.value)
    low, high = part.interval.low, part.interval.high
    scale = printer([part.value, low, high], part.unit, width=part.interval.width, difference=True)
    sign = "+" if part.value > 0 else ""
    return f"{sign}{scale.number(part.value)} (range {_without_word(scale, low, high)})"


def _without_word(scale: Printer, low: float, high: float) -> str:
    """A range whose unit word was said just before, as in ``7 points (range 2–12)``."""
    text = scale.spread(low, high)
    for word in (scale.after, scale.after_one):
        if word.endswith(("point", "points", "month", "months")):
            text = text.removesuffix(word)
    return text


def _unclear(
    subject: str,
    difference: Interval | None,
    estimate: float | None,
    unit: str,
    *,
    needed: int | None,
    whom: str,
    there_are: int | None = None,
) -> str:
    if difference is None:
        reason = "there is too little data to compare"
    elif estimate is not None and not difference.holds(0) and estimate * difference.low <= 0:
        reason = "the figures and their range do not agree"
    else:
        reason = f"the difference lies anywhere in the range {_signed_range(difference, unit)}"
    link = ";" if ":" in subject else ":"
    sentence = f"Cannot tell {subject}{link} {reason}."
    if needed is None:
        return sentence
    size = _plain_size(estimate, unit)
    n = count(_about(needed))
    if there_are is not None and needed > there_are:
        return (
            f"{sentence} A difference{size} is not readable with the customers there are "
            f"({count(there_are)}): about {n} {whom} would be needed (n ≥ {n})."
        )
    return f"{sentence} To see a difference{size}, about {n} {whom} would be needed (n ≥ {n})."


def _signed_range(difference: Interval, unit: str) -> str:
    largest = max(abs(difference.low), abs(difference.high))
    scale = printer([largest], unit, width=difference.width, difference=True)
    if scale.digits(difference.low) == scale.digits(difference.high):
        return f"around {scale.number(difference.high)}"
    if not scale.after.startswith(" "):
        return f"{scale.number(difference.low)} to {scale.number(difference.high)}"
    low, high = (
        scale.number(end).removesuffix(scale.after).removesuffix(scale.after_one or scale.after)
        for end in (difference.low, difference.high)
    )
    return f"{low} to {high}{scale.after}"


def _plain_size(estimate: float | None, unit: str) -> str:
    if estimate is None:
        return ""
    scale = printer([estimate], unit, width=abs(estimate), difference=True)
    size = abs(estimate)
    return "" if scale.digits(size) == scale.digits(0.0) else f" of {scale.number(size)}"


def _rates(
    first: Fact | None,
    second: Fact | None,
    difference: Interval,
    estimate: float | None,
    size: str,
) -> tuple[str, str]:
    """Both rates, and the size of their difference with as many digits as make them add up."""
    if first is None or second is None or first.value is None or second.value is None:
        return "", size
    if not (first.value - second.value) * difference.low > 0:
        return "", size
    rates = _telling_apart(first.value, second.value, "share", difference.width)
    text = f": {rates.number(first.value)} against {rates.number(second.value)}"
    between = abs(first.value - second.value)
    if estimate is None or abs(abs(estimate) - between) > _SAME_GAP:
        return text, size
    near, far = sorted((abs(difference.low), abs(difference.high)))
    gap = printer([near, far, between], "share", width=difference.width, difference=True)
    if _adds_up(rates, gap, first.value, second.value):
        return text, size
    rates, finer = rates.finer(), gap.finer()
    text = f": {rates.number(first.value)} against {rates.number(second.value)}"
    return text, f"{finer.number(between)} (range {_without_word(gap, near, far)})"


def _adds_up(rates: Printer, gap: Printer, first: float, second: float) -> bool:
    """Whether the printed difference is that of the printed rates, where both show all digits."""
    parts = [_shown(rates, value) for value in (first, second)]
    between = _shown(gap, abs(first - second))
    return abs(abs(parts[0] - parts[1]) - between) < 10.0 ** min(rates.step, gap.step) / 2


def _shown(scale: Printer, value: float) -> float:
    """The number a reader sees, in the unit that is printed."""
    own = scale.digits(value).replace(scale.locale.thousands, "").replace(MINUS, "-")
    return float(own.replace(scale.locale.decimal, "."))


def _telling_apart(first: float, second: float, unit: str, width: float) -> Printer:
    """A printer fine enough that two different values do not look the same."""
    scale = printer([first, second], unit, width=width)
    for _ in range(_FINEST_TRIES):
        if scale.digits(first) != scale.digits(second):
            break
        scale = scale.finer()
    return scale


def _about(n: int) -> int:
    """``n`` rounded up to two digits: a planning figure is no more exact than that."""
    unit: int = 10 ** max(0, len(str(n)) - 2)
    return -(-n // unit) * unit


def _why(fact: Fact) -> str:
    """The first caveat of a Fact without a value, if it may stand in a claim."""
    caveat = fact.caveats[0]
    return "its caveats say why" if claims(caveat) else caveat[:1].lower() + caveat[1:]


def _need(would_need: str) -> str:
    return f" It would need {neutral(would_need)}." if would_need else ""
