"""The tables of ``change``: the parts, the two periods, the score over time, what happened when."""

from collections.abc import Sequence

from cxdash.facts import Row
from cxdash.questions.change.facts import LABELS, period_name, sentence_case, short_period
from cxdash.questions.change.findings import Findings
from cxdash.questions.change.words import verdict
from cxdash.stats.waves import Change, Wave

__all__ = ["EVERYBODY", "tables"]

EVERYBODY = "Everybody who answered"
STAYERS = "Customers of both periods"
SAME = "The same people, asked twice"
CENTS = 2


def tables(found: Findings) -> dict[str, Sequence[Row]]:
    """Every table that has something to show; ``parts`` and ``readability`` always."""
    made: dict[str, Sequence[Row]] = {
        "parts": _parts(found),
        "readability": _readability(found),
        "change_steps": _bridge(found),
        "restated": _restated(found),
        "control": _control(found),
        "year_earlier": _year_earlier(found),
        "events": _events(found),
    }
    always = ("parts", "readability")
    return {name: rows for name, rows in made.items() if rows or name in always}


def _parts(found: Findings) -> Sequence[Row]:
    return [
        {
            "part": step.name,
            "label": sentence_case(LABELS[step.name]),
            "points": step.estimate,
            "low": step.low,
            "high": step.high,
            "n": step.n,
            "clear": step.clear,
            "revenue": None if step.revenue is None else round(step.revenue, CENTS),
            "customers": step.payers,
        }
        for step in found.steps
    ]


def _readability(found: Findings) -> Sequence[Row]:
    both = found.stage.both
    waves = (found.change.before, found.change.after) if found.change else (None, None)
    ends = ((both.before_from, both.before_until), (both.before_until, both.until))
    counts = (found.n_before, found.n_after)
    said = ("compared with", verdict(found)) if found.change else ("too few answers",) * 2
    return [
        {
            "period": period_name(*period),
            "n": n,
            "score": wave.estimate if wave else None,
            "low": wave.low if wave else None,
            "high": wave.high if wave else None,
            "verdict": word,
        }
        for period, n, wave, word in zip(ends, counts, waves, said, strict=True)
    ]


def _bridge(found: Findings) -> Sequence[Row]:
    """From the earlier score by the parts to the later one, all in the unit of a change."""
    change, factor = found.change, found.stage.measure.factor
    if change is None or not found.steps:
        return []
    both = found.stage.both

    def total(wave: Wave, name: str) -> Row:
        return {
            "step": name,
            "points": wave.estimate * factor,
            "low": wave.low * factor,
            "high": wave.high * factor,
            "role": "total",
            "n": wave.n,
        }

    steps: list[Row] = [
        {
            "step": sentence_case(LABELS[step.name]),
            "points": step.estimate,
            "low": step.low,
            "high": step.high,
            "role": "part",
            "n": step.n,
        }
        for step in found.steps
    ]
    first = total(change.before, period_name(both.before_from, both.before_until))
    return [first, *steps, total(change.after, period_name(both.before_until, both.until))]


def _restated(found: Findings) -> Sequence[Row]:
    """The score of both periods among all, among customers of both, among the same people."""
    both = found.stage.both
    names = (
        short_period(both.before_from, both.before_until),
        short_period(both.before_until, both.until),
    )
    rows: list[Row] = []
    for who, change in ((EVERYBODY, found.change), (STAYERS, found.stayers), (SAME, found.same)):
        if change is None:
            continue
        rows += [
            _wave_row(who, name, wave) for name, wave in zip(names, _both(change), strict=True)
        ]
    return rows


def _both(change: Change) -> tuple[Wave, Wave]:
    return change.before, change.after


def _wave_row(who: str, period: str, wave: Wave) -> Row:
    return {
        "who": who,
        "period": period,
        "n": wave.n,
        "score": wave.estimate,
        "low": wave.low,
        "high": wave.high,
    }


def _control(found: Findings) -> Sequence[Row]:
    """One row a month or wave; centre and limits only where there are enough of them."""
    rows: list[Row] = []
    for point in found.points:
        limits = {"centre": point.centre, "limit_low": point.low, "limit_high": point.high}
        rows.append(
            {
                "period": point.label,
                "n": point.wave.n,
                "score": point.wave.estimate,
                "low": point.wave.low,
                "high": point.wave.high,
                **{name: level for name, level in limits.items() if level is not None},
                "signal": point.outside or point.in_run,
            }
        )
    return rows


def _year_earlier(found: Findings) -> Sequence[Row]:
    season, change = found.season, found.change
    if season is None or change is None:
        return []
    both = found.stage.both
    ends = ((both.before_from, both.before_until), (both.before_until, both.until))
    earlier = [_wave_row("a year before", period_name(*period), wave)
               for period, wave in zip(ends, _both(season.year_before), strict=True)]  # fmt: skip
    now = [_wave_row("now", period_name(*period), wave)
           for period, wave in zip(ends, _both(change), strict=True)]  # fmt: skip
    return [{"which_year": row["who"]} | {k: v for k, v in row.items() if k != "who"}
            for row in (*earlier, *now)]  # fmt: skip


def _events(found: Findings) -> Sequence[Row]:
    between = set(found.events_between)
    return [
        {
            "day": event.day.isoformat(),
            "what": event.what,
            "type": event.kind,
            "team": event.unit or "",
            "segment": event.segment or "",
            "source": event.source or "",
            "between": at in between,
        }
        for at, event in enumerate(found.stage.events)
        if event.day <= found.stage.as_of
    ]
