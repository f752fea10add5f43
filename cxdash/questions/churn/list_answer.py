"""The Answer of ``churn`` where only a list of customers on one day is loaded."""

from cxdash.errors import UsageError
from cxdash.facts import Answer, Scope
from cxdash.panel.snapshots import CustomerList
from cxdash.questions.churn.list import find_in_list
from cxdash.questions.churn.list_facts import day_of, list_facts
from cxdash.questions.churn.list_tables import list_charts, list_tables
from cxdash.questions.churn.list_words import caveats, headline, missing

__all__ = ["answer_of_list"]


def answer_of_list(people: CustomerList, scope: Scope, *, title: str) -> Answer:
    """What a list can tell.

    Raises
    ------
    UsageError
        The scope filters by something the list does not hold, or nobody passes.
    """
    found = find_in_list(_narrowed(people, scope))
    rows = list_tables(found, scope)
    return Answer(
        question="churn",
        title=title,
        as_of=day_of(found.people) or found.people.imported_on,
        scope=scope,
        headline=headline(found),
        status="partly" if found.fit is not None else "cannot_tell",
        facts=tuple(list_facts(found, scope.horizon)),
        tables=rows,
        caveats=tuple(caveats(found)),
        missing=tuple(missing(found)),
        charts=tuple(list_charts(found, rows)),
    )


def _narrowed(people: CustomerList, scope: Scope) -> CustomerList:
    """The customers the filters pass; a filter is looked up among the traits, whatever its case."""
    for column, value in scope.where:
        known = {str(name).casefold(): name for name in people.traits}
        if column.casefold() not in known:
            raise UsageError(
                f"The list of customers has no {column!r} to filter by.",
                do_next="Drop the filter, or import the customer list with that column.",
            )
        keep = (people.traits[known[column.casefold()]] == value).to_numpy()
        if not keep.any():
            raise UsageError(f"No customer has {column}={value}.", do_next="Drop the filter.")
        people = CustomerList(
            people.rows[keep].reset_index(drop=True),
            people.traits[keep].reset_index(drop=True),
            people.sources,
            people.imported_on,
        )
    return people
