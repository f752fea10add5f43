"""When to speak: the conditions the data must meet before a rate or a dollar is shown.

Each condition that fails gives one sentence that says why and, where possible, what would help.
A rate of leaving needs customers whose answers are matched and whose time after the answer is
observed; dollars need more: they must belong to the whole company and tie to the customers who
were heard.
"""

from dataclasses import dataclass
from typing import Final

from cxdash.facts import HORIZONS
from cxdash.facts import format as fmt
from cxdash.panel import Ground, Item, Panel

__all__ = ["Conditions", "Reason", "check"]

LOWEST_MATCH: Final = 0.80
LOWEST_REPEAT: Final = 0.05
MOST_UNPLACED: Final = 0.05


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is withheld, in short and in full, and what would let it be shown."""

    short: str
    why: str
    would_help: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """Reasons against showing rates of leaving, and reasons against showing money.

    ``payments_allowed``: what a customer paid so far may be shown beside the answer, because
    answers and payments find their customers, even where a sum would not be the company's.
    """

    against_rates: tuple[Reason, ...]
    against_money: tuple[Reason, ...]
    payments_allowed: bool

    @property
    def rates_allowed(self) -> bool:
        return not self.against_rates

    @property
    def money_allowed(self) -> bool:
        return not (self.against_rates or self.against_money)

    @property
    def would_help(self) -> tuple[str, ...]:
        """What would let the question be answered in full, each advice once."""
        return tuple(
            dict.fromkeys(r.would_help for r in (*self.against_rates, *self.against_money))
        )


def check(built: Panel, data: Ground, item: Item | None, horizon: int) -> Conditions:
    """Look at the data as a whole, for one survey item or (None) without any.

    ``horizon`` is how many months are looked ahead.
    """
    matching = _matching(item) if item else None
    looked_at = (matching, _returning(built, data), _pausing(built, horizon))
    rates = [reason for reason in looked_at if reason]
    money = [
        reason
        for reason in (_any_money(built, data), _converted(data), _placed(data), _sampled(data))
        if reason
    ]
    paid = bool(data.revenue_rows) and not (_converted(data) or _placed(data))
    return Conditions(tuple(rates), tuple(money), matching is None and paid)


def _matching(item: Item) -> Reason | None:
    if item.match_rate >= LOWEST_MATCH:
        return None
    return Reason(
        f"only {fmt.number(item.match_rate, 'share')} of the answers find their customer",
        f"Only {fmt.number(item.match_rate, 'share')} of the answers ({fmt.count(item.matched)} "
        f"of {fmt.count(item.n)}) find a customer in the other files; below "
        f"{fmt.number(LOWEST_MATCH, 'share')} a link between answers and money says more about "
        "the matching than about customers.",
        "Import the customer list, subscriptions or orders that belong to these answers, or map "
        "the column that names the customer.",
    )


def _returning(built: Panel, data: Ground) -> Reason | None:
    if built.contractual or not data.customers:
        return None
    share = data.repeat_customers / data.customers
    if share >= LOWEST_REPEAT:
        return None
    return Reason(
        f"only {fmt.number(share, 'share')} of customers bought on a second day",
        f"Only {fmt.count(data.repeat_customers)} of {fmt.count(data.customers)} customers "
        f"({fmt.number(share, 'share')}) bought on more than one day. Either almost nobody "
        "returns, or the file is a sample of orders, which breaks repeat purchases; the data "
        "cannot tell which, so nothing is said about staying or leaving.",
        "Import every order of the customers over at least two years, not a sample of orders.",
    )


def _pausing(built: Panel, horizon: int) -> Reason | None:
    """Whether who buys nothing for the months looked ahead may well be a customer still."""
    if built.contractual or built.idle_months <= horizon:
        return None
    idle, ahead = fmt.number(built.idle_months, "months"), fmt.number(horizon, "months")
    enough = next((months for months in HORIZONS if months >= built.idle_months), None)
    return Reason(
        f"customers wait up to {idle} between purchases, longer than {ahead}",
        f"Customers buy again after up to {idle}, so buying nothing for {ahead} is mostly a pause: "
        "nothing is said about staying or leaving so few months ahead.",
        f"Ask {enough} months ahead." if enough else "No question looks so far ahead.",
    )


def _any_money(built: Panel, data: Ground) -> Reason | None:
    if built.currency is not None and (data.revenue_rows or built.contractual):
        return None
    return Reason(
        "no revenue is loaded",
        "No revenue is loaded, so no dollars are shown.",
        "Import invoices, payments or subscriptions with their monthly amount.",
    )


def _converted(data: Ground) -> Reason | None:
    rows = data.revenue_unconverted + data.contracts_unconverted
    if not rows:
        return None
    return Reason(
        "amounts come in several currencies without exchange rates",
        f"Revenue comes in {fmt.listed(data.currencies)} and "
        f"{fmt.counted(rows, 'row has', 'rows have')} no exchange rate; amounts in "
        "different currencies are never added.",
        "Import exchange rates with their date and source (kind fx).",
    )


def _placed(data: Ground) -> Reason | None:
    if not data.revenue_rows or data.revenue_unplaced <= MOST_UNPLACED * data.revenue_rows:
        return None
    share = data.revenue_unplaced / data.revenue_rows
    return Reason(
        f"{fmt.number(share, 'share')} of the revenue rows have no customer or date",
        f"{fmt.number(share, 'share')} of the revenue rows have no customer or no date that can be "
        "found, so a sum over customers would miss them.",
        "Import the orders or the customer list these rows refer to.",
    )


def _sampled(data: Ground) -> Reason | None:
    if not data.samples:
        return None
    return Reason(
        "a file was declared to be a sample",
        f"Declared as a sample when imported: {fmt.listed(data.samples)}. Rates describe the "
        "sample; sums are not the company's, so no dollars are added up.",
        "Import the complete extract.",
    )
