"""What was found about who is heard, before any words are put to it."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from cxdash.panel import (
    ANSWER_DAYS,
    Ground,
    Hearing,
    hearing,
    items,
    known_at,
    month_end,
    month_index,
    register,
)
from cxdash.questions.conditions import LOWEST_MATCH, Reason
from cxdash.questions.judgement import LEVEL
from cxdash.questions.listening.score import Heard, score
from cxdash.questions.listening.signals import (
    Dependence,
    Signal,
    Traces,
    dependence,
    signals,
    traces,
)
from cxdash.questions.listening.standing import Standing, standing
from cxdash.questions.setting import Setting
from cxdash.stats.estimate import Estimate
from cxdash.stats.proportions import share
from cxdash.store import Reader

__all__ = ["Findings", "Rate", "find"]

FEWEST_INVITATIONS: Final = 10
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Rate:
    """Invitations of a survey delivered in a month, and the share answered within 30 days."""

    survey: str
    month: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything ``listening`` says.

    Parameters
    ----------
    against
        Why nothing can be said of customers: answers that do not find theirs, or no customers.
    standing
        None with a reason against.
    rates
        By survey and month; only months whose invitations have had their time.
    response
        All surveys together over the last twelve such months; None without invitations.
    traces
        What today's customers who answered nothing let us know unasked.
    decisions
        None when no register names a decision.
    """

    setting: Setting
    against: Reason | None
    score: Heard
    standing: Standing | None
    rates: tuple[Rate, ...]
    response: Estimate | None
    signals: tuple[Signal, ...]
    traces: Traces | None
    decisions: Dependence | None

    @property
    def ground(self) -> Ground:
        return self.setting.ground

    @property
    def has_money(self) -> bool:
        """Whether revenue may be shown."""
        return self.setting.conditions.money_allowed


def find(view: Reader, setting: Setting) -> Findings:
    """Estimate everything the setting allows."""
    seen = setting.windows
    heard = hearing(
        view,
        item=setting.item,
        landmarks=(*seen.closed_months, seen.today),
        as_of=setting.as_of,
    )
    against = _against(setting)
    today = seen.rows[seen.is_base]
    # Answers that find no customer find no invitation either: a rate of them would be made up.
    matched = setting.item.match_rate >= LOWEST_MATCH
    rates = _narrowed(heard, setting) if matched else heard.rates.iloc[:0]
    return Findings(
        setting=setting,
        against=against,
        score=score(
            setting,
            heard,
            known_at(view, setting.panel, seen.today - MONTHS),
            of_customers=against is None,
        ),
        standing=None if against else standing(setting, heard),
        rates=tuple(_by_month(rates)),
        response=_response(rates),
        signals=signals(heard),
        traces=None if against else traces(heard, today.loc[today["heard"] == 0, "customer_id"]),
        decisions=dependence(register(view, as_of=setting.as_of), items(view)),
    )


def _against(setting: Setting) -> Reason | None:
    if setting.item.match_rate < LOWEST_MATCH:
        return setting.conditions.against_rates[0]
    if setting.windows.is_base.any():
        return None
    return Reason(
        "nothing says who is a customer",
        f"Nobody is known to be a customer on {setting.as_of.isoformat()}: answers alone do not "
        "say who could have answered.",
        "Import subscriptions, invoices or payments: they say who is a customer, heard or not.",
    )


def _narrowed(heard: Hearing, setting: Setting) -> pd.DataFrame:
    """Response rates of the scope's customers, months whose invitations have had their time."""
    rates = heard.rates
    for column, value in setting.scope.where:
        rates = rates[rates[column].fillna("").astype(str) == value]
    last = month_index(setting.as_of)
    while last > 0 and (setting.as_of - month_end(last)).days < ANSWER_DAYS:
        last -= 1
    return rates[rates["month"] <= last]


def _by_month(rates: pd.DataFrame) -> list[Rate]:
    each = rates.groupby(["survey", "month"], sort=True)[["answered", "delivered"]].sum()
    return [
        Rate(str(survey), int(month), share(int(answered), int(delivered), level=LEVEL))
        for (survey, month), (answered, delivered) in zip(each.index, each.to_numpy(), strict=True)
        if delivered >= FEWEST_INVITATIONS
    ]


def _response(rates: pd.DataFrame) -> Estimate | None:
    if rates.empty:
        return None
    recent = rates[rates["month"] > rates["month"].max() - MONTHS]
    answered, delivered = int(recent["answered"].sum()), int(recent["delivered"].sum())
    return share(answered, delivered, level=LEVEL)
