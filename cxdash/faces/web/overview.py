"""The files that wait, told as a whole: a headline, a table with a line for each, what to know."""

from collections.abc import Sequence

from cxdash.faces.web import tables
from cxdash.faces.web.batch import Standing
from cxdash.facts.format import count, counted, listed, month, number
from cxdash.intake.kinds import KINDS

__all__ = ["table", "told", "too_early"]


def told(files: Sequence[Standing]) -> str:
    """The state of the batch as a headline.

    >>> told([])
    'Load your exports; every row gets an answer'
    """
    if not files:
        return "Load your exports; every row gets an answer"
    if len(files) == 1:
        return _told_of(files[0])
    ready = sum(one.is_ready for one in files)
    before = sum(one.may_load and one.twin is not None for one in files)
    asks = sum(one.open_count > 0 for one in files)
    refused = sum(one.error is not None for one in files)
    others = [
        (number, one if number == 1 else many)
        for number, one, many in (
            (asks, "asks something first", "ask something first"),
            (before, "is loaded already", "are loaded already"),
            (refused, "cannot be read", "cannot be read"),
            (len(files) - ready - before - asks - refused, "is being read", "are being read"),
        )
        if number
    ]
    if not ready:
        return listed([f"{counted(number, 'file', 'files')} {what}" for number, what in others])
    state = f"{counted(ready, 'file is', 'files are')} ready to be loaded"
    rest = [f"{count(number)} {what}" for number, what in others]
    return f"{state}. Of the others {listed(rest)}." if rest else state


def _told_of(one: Standing) -> str:
    if one.error is not None:
        return f"{one.name} cannot be read"
    if one.proposal is None:
        return f"{one.name} is being read"
    if one.open_count:
        things = counted(one.open_count, "thing", "things")
        return f"{one.name} asks {things} before it can be loaded"
    if one.twin is not None:
        return f"{one.name} is loaded already, as import {one.twin.import_id}"
    return f"{one.name} is ready to be loaded"


def too_early(files: Sequence[Standing]) -> str:
    """What to know before loading those that are ready, while one that goes before them is not."""
    ready = [one.view.kind for one in files if one.is_ready and one.view]
    missing = [
        one.name
        for one in files
        if one.open_count and one.view and any(one.view.names.go_before(kind) for kind in ready)
    ]
    said = []
    if missing:
        said.append(
            f"Better decide about {listed(missing)} first: the receipts of the files loaded after "
            "that say how many customers are known. Figures do not depend on the order."
        )
    low = [
        f"{one.name} ({number(one.view.match.share, 'share')})"
        for one in files
        if (one.is_ready or one.name in missing)
        and one.view
        and one.view.match
        and one.view.match.is_hopeless
    ]
    if low:
        said.append(f"Few rows belong to a known customer in {listed(low)}: look there first.")
    return " ".join(said)


def table(files: Sequence[Standing]) -> None:
    """One row a file: what it is, its rows and days, how much is known, what it asks."""
    tables.text_table(
        ["File", "Holds", "Rows", "Days", "Known", "State"],
        [[f"{at}. {one.name}", *_row(one)] for at, one in enumerate(files, start=1)],
        right=[False, False, True, False, True],
        key="batch",
    )


def _row(one: Standing) -> list[str]:
    if one.error is not None:
        return ["", "", "", "", "cannot be read"]
    if one.proposal is None:
        return ["", "", "", "", "being read"]
    view = one.view
    days = known = ""
    if view is not None and view.first_day and view.last_day:
        first, last = month(view.first_day), month(view.last_day)
        days = first if first == last else f"{first} to {last}"
    if view is not None and view.match is not None and view.match.comparable:
        known = number(view.match.share, "share")
    kind = "" if one.is_kind_open else KINDS[one.proposal.kind].title
    return [kind, count(one.proposal.rows), days, known, _state(one)]


def _state(one: Standing) -> str:
    if one.open_count:
        return f"{count(one.open_count)} to decide"
    if one.twin is not None:
        return f"loaded already (import {one.twin.import_id})"
    if one.view is not None and one.view.refused:
        return f"ready; {counted(one.view.refused, 'row', 'rows')} rejected"
    return "ready"
