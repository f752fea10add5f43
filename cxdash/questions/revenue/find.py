"""What was found about spend: the estimates behind ``revenue``, before they are put in words."""

from dataclasses import dataclass

from cxdash.panel import Ground
from cxdash.questions.conditions import Reason
from cxdash.questions.progress import tell
from cxdash.questions.revenue.ahead import Worth, values
from cxdash.questions.revenue.drivers import Driver, Drivers, drivers
from cxdash.questions.revenue.flows import Cost, Flow, costs, flow_of_year, flows
from cxdash.questions.revenue.frame import Frame, frame
from cxdash.questions.revenue.premium import Premium, premium
from cxdash.questions.revenue.stage import Stage
from cxdash.store import Reader

__all__ = ["Findings", "find"]


@dataclass(frozen=True, slots=True)
class Findings:
    """Estimates for one stage.

    ``year`` is the flow of the twelve months to the day of the question, None where the data do not
    reach. ``lived``, ``drivers`` and ``premium`` are None where answers cannot be set beside money;
    ``against`` then says why.
    """

    stage: Stage
    flows: tuple[Flow, ...]
    year: Flow | None
    costs: tuple[Cost, ...]
    values: tuple[Worth, ...]
    lived: Frame | None
    drivers: Drivers | None
    premium: Premium | None
    against: Reason | None

    @property
    def ground(self) -> Ground:
        return self.stage.ground

    @property
    def latest(self) -> Flow | None:
        """The newest period that has customers at its start."""
        told = [flow for flow in self.flows if flow.customers]
        return told[-1] if told else None

    @property
    def levers(self) -> tuple[Driver, ...]:
        """Changes that stand out, rest on no one account, show again and do not run backwards."""
        return tuple(d for d in self.drivers.found if d.is_lever) if self.drivers else ()

    @property
    def metric(self) -> str:
        """Name of the item asked about; empty without any."""
        setting = self.stage.setting
        if setting is None:
            return ""
        return setting.windows.key_of(setting.windows.number_of(setting.item))


def find(view: Reader, on: Stage) -> Findings:
    """Estimate everything the stage allows."""
    tell("Adding up what stayed, shrank, grew and came", 0.1)
    moved, year, cost = flows(on), flow_of_year(on), costs(on)
    against = _against(on)
    lived, found, gap = None, None, None
    if against is None and on.setting:
        lived = frame(on.seen, on.paid)
        if lived is None:
            against = _no_window(on)
        elif not lived.spend.any():
            against = _nothing_paid()
        else:
            metric = on.seen.key_of(on.seen.number_of(on.setting.item))
            found = drivers(lived, metric)
            gap = premium(lived, on.setting, found.of(metric))
    tell("Working out what a customer will pay", 0.9)
    return Findings(on, moved, year, cost, values(view, on), lived, found, gap, against)


def _against(on: Stage) -> Reason | None:
    """Why answers are not set beside money; None when they may be."""
    if on.setting is None:
        return Reason(
            "no survey answers are loaded",
            "No survey answers are loaded, so nothing can be said about what goes with spend.",
            "Import a survey export with a customer key, a date and at least one rating.",
        )
    if on.against_links:
        return on.against_links[0]
    return _no_window(on) if not on.paid.opens else None


def _no_window(on: Stage) -> Reason:
    return Reason(
        f"no {on.horizon} months after an answer are over yet",
        f"No {on.horizon}-month window after an answer is over, so nothing is known about what "
        "customers paid after answering.",
        f"Import answers that are at least {on.horizon} months older than the newest revenue, or "
        "choose a shorter horizon.",
    )


def _nothing_paid() -> Reason:
    return Reason(
        "the customers who answered paid nothing in any window",
        "The customers who answered paid nothing in any window that is over.",
        "Import the invoices, payments or subscriptions of these customers.",
    )
