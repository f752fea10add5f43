"""All findings of an import, the costly first."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from cxdash.intake.loading.findings.absences import left_out
from cxdash.intake.loading.findings.case import Case
from cxdash.intake.loading.findings.joins import counted_twice, fan_out
from cxdash.intake.loading.findings.names import low_match, same_people, shared_names, two_systems
from cxdash.intake.loading.findings.older import older
from cxdash.intake.loading.findings.replacements import overlap, replaced, same_file
from cxdash.intake.loading.findings.sums import (
    currencies,
    far_out,
    refunds,
    sample,
    turned_round,
    zeros,
)
from cxdash.intake.loading.findings.times import ahead, backwards, before_event, gaps
from cxdash.intake.loading.findings.turned_away import rejected
from cxdash.intake.loading.receipt import Finding

__all__ = ["find", "warnings"]

_RANK: Final = {"stop": 0, "warn": 1, "info": 2}
_CHECKS: Final[tuple[Callable[[Case], Iterator[Finding]], ...]] = (
    low_match,
    two_systems,
    shared_names,
    same_people,
    same_file,
    replaced,
    older,
    overlap,
    left_out,
    rejected,
    counted_twice,
    fan_out,
    currencies,
    refunds,
    zeros,
    far_out,
    before_event,
    backwards,
    ahead,
    gaps,
    turned_round,
    sample,
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
