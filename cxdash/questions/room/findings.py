"""What was found about the room: who decides, what was asked, what presses, whom to look after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cxdash.facts import Answer, Scope
from cxdash.panel import Panel, month_end, stamp
from cxdash.questions.pilots.told import pilots_told
from cxdash.questions.progress import tell
from cxdash.questions.replies import kept
from cxdash.questions.room.alerts import Line, Suggestion, line_of, suggestions
from cxdash.questions.room.asks import Asked, ByReason, asked, by_reason, won
from cxdash.questions.room.board import Board, board
from cxdash.questions.room.people import Seat, seats
from cxdash.questions.setting import Setting, month_of, prepare
from cxdash.questions.worth.answer import worth
from cxdash.register import Kept, current
from cxdash.register.kinds.room import Alert, Ask, Executive, Signal, Watch
from cxdash.stats.estimate import Estimate
from cxdash.store import Reader

__all__ = ["Findings", "find"]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything about the room on a day (``today``); ``as_of`` is where the data ends by then.

    ``line`` is from which revenue accounts are watched; None where no money can be told.
    """

    today: date
    as_of: date
    currency: str | None
    has_data: bool
    seats: tuple[Seat, ...]
    asks: tuple[Asked, ...]
    reasons: tuple[ByReason, ...]
    won: Estimate | None
    board: Board
    signals: tuple[Kept[Signal], ...]
    line: Line | None
    suggestions: tuple[Suggestion, ...]
    alerts: tuple[Kept[Alert], ...]

    @property
    def due(self) -> tuple[Asked, ...]:
        """Noes that it is time to ask again."""
        return tuple(one for one in self.asks if one.due)

    @property
    def noes(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.asks if one.is_no)

    @property
    def overdue(self) -> tuple[Kept[Alert], ...]:
        """Alerts that are still open although their day has passed."""
        return tuple(
            one
            for one in self.alerts
            if one.record.status in ("open", "contacted")
            and one.record.due is not None
            and one.record.due < self.today
        )


def find(view: Reader, scope: Scope) -> Findings:
    """Read the register, and ask the data what it knows by the day of the scope.

    Without a day the demo company's clock stands where its data ends, anybody else's at today.
    """
    built = stamp(view)
    today = _today(view, scope, built)
    has_data = built is not None and built.last_month is not None
    month = month_of(built, today) if built and has_data else None
    as_of = month_end(month) if month is not None else today
    data = Scope(
        as_of=as_of if month != (built.last_month if built else None) else None,
        metric=scope.metric,
        horizon=scope.horizon,
    )
    setting = prepare(view, data) if has_data else None
    tell("Looking for what presses", 0.3)
    found = _board(view, built, month, today, setting, data)
    tell("Looking for accounts to look after", 0.6)
    noted, taken = current(view, Signal), current(view, Alert)
    line = line_of(setting, current(view, Watch)) if setting else None
    asks = asked(view, current(view, Ask), today=today, month=month, pilots=_pilots(view))
    return Findings(
        today=today,
        as_of=as_of,
        currency=built.currency if built else None,
        has_data=has_data,
        seats=seats(current(view, Executive), today),
        asks=asks,
        reasons=by_reason(asks),
        won=won(asks),
        board=found,
        signals=noted,
        line=line,
        suggestions=suggestions(view, setting, line, taken) if setting else (),
        alerts=taken,
    )


def _today(view: Reader, scope: Scope, built: Panel | None) -> date:
    if scope.as_of is not None:
        return scope.as_of
    demo = view.rows("SELECT count(*) AS n FROM imports WHERE is_demo AND undone_at IS NULL")
    if demo[0]["n"] and built is not None and built.last_day is not None:
        return built.last_day
    return datetime.now(UTC).date()


def _board(
    view: Reader,
    built: Panel | None,
    month: int | None,
    today: date,
    setting: Setting | None,
    data: Scope,
) -> Board:
    if built is None or month is None:
        return Board((), {})
    answer: Answer | None = None
    if setting is not None:
        answer = kept(view, "worth", data, lambda: worth(view, data))
    return board(
        view, built, month, today, setting=setting, worth=answer, noted=current(view, Signal)
    )


def _pilots(view: Reader) -> Mapping[str, str]:
    """The verdict on each pilot with a plan, by the plan's id."""
    rows = pilots_told(view).tables.get("pilots", ())
    return {str(row["id"]): str(row["verdict"]) for row in rows}
