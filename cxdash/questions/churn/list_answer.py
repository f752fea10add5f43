"""The Answer of ``churn`` where only a list of customers on one day is loaded."""

from cxdash.errors import UsageError
from cxdash.facts import Answer, Scope
from cxdash.panel.snapshots import CustomerList
from cxdash.questions.churn.list import find_in_list
from cxdash.questions.churn.list_facts import day_of, list_facts
from cxdash.questions.churn.list_source import traits_to_filter
from cxdash.questions.churn.list_tables import list_charts, list_tables
from cxdash.questions.churn.list_words import caveats, headline, missing

__all__ = ["answer_of_list"]


def answer_of_list(
    people: CustomerList, scope: Scope, *, title: str, in_months: bool = False
) -> Answer:
    """What a list can tell; ``in_months`` where it says that its tenure is in months.

    Raises
    ------
    UsageError
        The scope asks for a day, or filters by something the list does not hold, or nobody passes.
    """
    if scope.as_of is not None:
        raise UsageError(
            "The list of customers has no dates, so it cannot be asked as of a day.",
            do_next="Leave the day out, or import subscriptions, invoices or payments with dates.",
        )
    found = find_in_list(_narrowed(people, scope), in_months=in_months)
    rows = list_tables(found)
    return Answer(
        question="churn",
        title=title,
        as_of=day_of(found.people) or found.people.imported_on,
        scope=scope,
        dated=False,
        headline=headline(found),
        status="partly" if found.fit is not None else "cannot_tell",
        facts=tuple(list_facts(found)),
        tables=rows,
        caveats=tuple(caveats(found)),
        missing=tuple(missing(found)),
        charts=tuple(list_charts(found, rows)),
    )


def _narrowed(people: CustomerList, scope: Scope) -> CustomerList:
    """The customers the filters pass; a filter is looked up among the traits, whatever its case."""
    for column, value in scope.where:
        known = {str(name).casefold(): name for name in people.traits}
        offered = traits_to_filter(people)
        if column.casefold() not in known:
            raise UsageError(
                f"The list of customers has no {column!r} to filter by.",
                do_next=f"Filter by one of: {', '.join(offered)}."
                if offered
                else "Drop the filter, or import the customer list with that column.",
            )
        name = known[column.casefold()]
        keep = (people.traits[name] == value).to_numpy()
        if not keep.any():
            values = ", ".join(offered.get(str(name), ()))
            raise UsageError(
                f"No customer has {column}={value}.",
                do_next=f"Its values are: {values}." if values else "Drop the filter.",
            )
        people = CustomerList(
            people.rows[keep].reset_index(drop=True),
            people.traits[keep].reset_index(drop=True),
            people.sources,
            people.imported_on,
        )
    return people
