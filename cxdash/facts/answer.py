"""An Answer is the reply to one business question: a headline, Facts, small tables, caveats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from cxdash.facts.fact import Fact

__all__ = ["Answer", "Cell", "Chart", "Row", "Scope", "Status"]

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]
Status = Literal["answered", "partly", "cannot_tell"]

HORIZONS: Final = (3, 6, 12)  # months that can be looked ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which part of the data a question looks at. Equal scopes give equal Answers.

    Parameters
    ----------
    as_of
        The day the question is asked; later rows are not used. None: the last day the data covers.
    metric
        Name of the survey item, for example ``nps``. None: the question chooses and says so.
    outcome
        ``churn``, ``revenue`` or ``cost``. None: the question's own default.
    horizon
        Months looked ahead, one of :data:`HORIZONS`.
    where
        Customer filters as (column, value) pairs, all of which must hold.
    claim
        Id of the Fact that is examined, for example ``worth.gap_adjusted``. Only ``examine`` looks
        at it; None: the main claim of worth. Of ``case`` the business case that is told, for
        example ``case-1``; None: the one entered last.
    """

    as_of: date | None = None
    metric: str | None = None
    outcome: str | None = None
    horizon: int = 6
    where: tuple[tuple[str, str], ...] = ()
    claim: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "metric": self.metric,
            "outcome": self.outcome,
            "horizon": self.horizon,
            "where": dict(self.where),
            "claim": self.claim,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What to draw, in words a face can turn into a picture. The numbers stay in the table.

    Parameters
    ----------
    id
        Unique within the Answer.
    title
        The finding as a sentence.
    kind
        ``interval``: a dot with its interval for each ``category``, optionally for each ``group``.
        ``bar``: bars from zero with intervals. ``line``: ``category`` is time, with a band.
        ``control``: a line over time with the centre line and the control limits.
        ``scatter``: a labelled point for each ``category`` at (``x``, ``value``), with intervals.
        ``bridge``: ``category`` steps from a start to an end; ``value`` is each step, ends are
        totals (rows whose ``group`` is ``total``).
    table
        Name of the Answer's table that holds the marks.
    category, value, low, high, group
        Columns of that table.
    unit
        As in Fact.
    category_order
        Order of the categories from left to right or top to bottom; empty: as in the table.
    alt
        The finding for someone who cannot see the picture, numbers included.
    x, x_unit, x_title
        ``scatter`` only: column of the horizontal position, its unit and its title.
    diagonal
        ``scatter`` only: draw the line on which ``x`` equals ``value`` (calibration).
    corners
        ``scatter`` only: what lying top left, top right, bottom left, bottom right means.
    centre, limit_low, limit_high
        ``control`` only: columns of the centre line and the limits.
    moments
        Days worth knowing on a time axis, as (ISO day, what happened).
    """

    id: str
    title: str
    kind: Literal["interval", "bar", "line", "control", "scatter", "bridge"]
    table: str
    category: str
    value: str
    unit: str
    alt: str
    low: str | None = None
    high: str | None = None
    group: str | None = None
    category_title: str = ""
    value_title: str = ""
    category_order: tuple[str, ...] = ()
    x: str | None = None
    x_unit: str = "share"
    x_title: str = ""
    diagonal: bool = False
    corners: tuple[str, str, str, str] = ("", "", "", "")
    centre: str | None = None
    limit_low: str | None = None
    limit_high: str | None = None
    moments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The reply to one business question.

    ``status`` is ``answered``; ``partly`` when money or a comparison had to be withheld; or
    ``cannot_tell``. ``missing`` says what would let the question be answered. The sentences in
    ``headline`` come from :mod:`cxdash.facts.wording`. ``dated`` is false where it rests on a list
    of one day: nothing is looked ahead then, whatever the scope's horizon.
    """

    question: str
    title: str
    as_of: date
    scope: Scope
    headline: str
    status: Status = "answered"
    facts: tuple[Fact, ...] = ()
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    dated: bool = True

    def __post_init__(self) -> None:
        ids = [fact.id for fact in self.facts]
        if len(ids) != len(set(ids)):
            raise ValueError(f"{self.question}: two Facts share an id")
        for chart in self.charts:
            if chart.table not in self.tables:
                raise ValueError(f"{self.question}: chart {chart.id} draws no table of the Answer")

    def fact(self, fact_id: str) -> Fact:
        """The Fact of that id; KeyError if the Answer has none."""
        for fact in self.facts:
            if fact.id == fact_id:
                return fact
        raise KeyError(fact_id)

    def to_json(self) -> dict[str, Any]:
        """The Answer as docs/contract.md describes it."""
        return {
            "question": self.question,
            "as_of": self.as_of.isoformat(),
            "scope": self.scope.to_json(),
            "status": self.status,
            "headline": self.headline,
            "facts": [fact.to_json() for fact in self.facts],
            "tables": {name: [dict(row) for row in rows] for name, rows in self.tables.items()},
            "caveats": list(self.caveats),
            "missing": list(self.missing),
        }
