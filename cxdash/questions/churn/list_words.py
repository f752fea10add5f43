"""What ``churn`` says of a list of customers without dates: headline, caveats, what is missing."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Interval, wording
from cxdash.facts import format as fmt
from cxdash.questions.churn.drivers import Driver
from cxdash.questions.churn.find import EVENTS_A_COLUMN
from cxdash.questions.churn.list import TRAITS, ListFound
from cxdash.questions.churn.list_design import OWN_UNIT, TENURE
from cxdash.questions.churn.tables import MOST_RISKS
from cxdash.questions.judgement import LEVEL
from cxdash.questions.validation import ModelCheck

__all__ = ["caveats", "headline", "lacking", "main_check", "missing", "sentence"]

_IMPOSSIBLE: Final = (
    "The list holds one day and no dates, so out-of-time validation is impossible: nobody can "
    "learn from earlier customers and look at later ones. The models were cross-validated instead, "
    "which shows how well traits tell leavers from stayers of this list, not what tomorrow brings. "
    "Nothing of it is graded beyond D."
)
_NOTHING_AHEAD: Final = (
    "Nothing is looked ahead: a number of months chosen plays no part, and amounts are those of "
    "one month."
)
_ORDER: Final = (
    "Without dates nobody can tell whether a trait came before leaving or was written down "
    "afterwards. What gives itself away is left out."
)
_DATES: Final = (
    "When customers left: import subscriptions with start and end, or invoices and payments with "
    "customer and day. Then drivers can be tried on later windows."
)
_VOICE: Final = (
    "What customers say: import a survey export with a customer key, a date and at least one "
    "rating."
)


def main_check(found: ListFound) -> ModelCheck | None:
    return next((entry for entry in found.checks if entry.model == TRAITS), None)


def headline(found: ListFound) -> str:
    main = main_check(found)
    if main is None or main.auc is None:
        return wording.cannot_tell("what leavers have in common", _lacking_short(found))
    clear = [driver for driver in found.drivers if driver.beyond_noise]
    order = fmt.number(
        main.auc.estimate, "share", interval=Interval(main.auc.low, main.auc.high, LEVEL)
    )
    ends = fmt.spread(main.auc.low, main.auc.high, "share")
    told = (
        "A list without dates shows who looks like those who left, not who will leave. Out-of-time "
        "validation is impossible; cross-validated, the leaver of a pair looked more like them in "
        f"{order} of pairs (range {ends})."
    )
    return f"{sentence(clear[0])} {told}" if clear else told


def sentence(driver: Driver) -> str:
    return wording.compare_rates(
        f"customers with {driver.short}",
        "otherwise equal customers",
        did="left before the list was drawn up",
        difference=Interval(driver.effect.low, driver.effect.high, LEVEL),
        estimate=driver.effect.estimate,
    )


def _lacking_short(found: ListFound) -> str:
    left = int(found.left.sum())
    few, side = min((left, "left"), (found.left.size - left, "stayed"))
    return (
        f"in only {fmt.count(few)} of {fmt.count(found.left.size)} rows the customer {side}; "
        f"{fmt.count(found.needed)} are needed, {fmt.count(max(0, found.needed - few))} more than "
        "there are"
    )


def lacking(found: ListFound) -> str:
    return (
        f"Import a longer list: {_lacking_short(found)} ({EVENTS_A_COLUMN} for each column of the "
        "model)."
    )


def caveats(found: ListFound) -> Iterator[str]:
    yield _IMPOSSIBLE
    yield _NOTHING_AHEAD
    yield _ORDER
    if not found.in_months and any(part.name == TENURE for part in found.parts):
        yield (
            f"How long customers have been there is in {OWN_UNIT}, which the column's name does "
            "not say; nothing is converted."
        )
    if found.fit is not None:
        yield (
            "These are associations, not proof: customers with another trait differ in much else. "
            "Held equal: the other traits of the list."
        )
    if found.fit is not None and int((~found.left).sum()) > MOST_RISKS:
        yield (
            f"The list of those who look alike holds the first {fmt.count(MOST_RISKS)} of "
            f"{fmt.count(int((~found.left).sum()))} customers still there."
        )
    if found.excluded:
        columns = ", ".join(entry.column for entry in found.excluded)
        yield f"Left out because they know the outcome: {columns}."
    if len(set(found.people.rows["currency"].dropna())) > 1:
        yield "Amounts come in several currencies, so they are neither compared nor added up."


def missing(found: ListFound) -> Iterator[str]:
    if found.fit is None:
        yield lacking(found)
    yield _DATES
    yield _VOICE
