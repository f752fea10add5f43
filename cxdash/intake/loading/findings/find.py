"""All findings of an import, the costly first."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from cxdash.intake.loading.findings import joins, names, replacements, sums, times, turned_away
from cxdash.intake.loading.findings.case import Case
from cxdash.intake.loading.receipt import Finding

__all__ = ["find", "warnings"]

_RANK: Final = {"stop": 0, "warn": 1, "info": 2}
_CHECKS: Final[tuple[Callable[[Case], Iterator[Finding]], ...]] = (
    names.low_match,
    names.two_systems,
    names.shared_names,
    names.same_people,
    replacements.same_file,
    replacements.replaced,
    replacements.overlap,
    turned_away.rejected,
    joins.fan_out,
    sums.currencies,
    sums.refunds,
    sums.zeros,
    sums.far_out,
    times.before_event,
    times.backwards,
    times.ahead,
    times.gaps,
    sums.turned_round,
    sums.sample,
)


def find(case: Case) -> tuple[Finding, ...]:
    """Every way in which the file can mislead, the gravest first and then the costliest."""
    found = [finding for check in _CHECKS for finding in check(case)]
    return tuple(sorted(found, key=lambda one: (_RANK[one.severity], -_weight(one), -one.rows)))


def warnings(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The sentences a person should read, without what is dealt with or small."""
    return tuple(finding.sentence for finding in findings if finding.severity != "info")


def _weight(finding: Finding) -> Decimal:
    """Only for the order on the page: amounts of different currencies are not added up."""
    return max((abs(amount) for amount in finding.money.values()), default=Decimal(0))
