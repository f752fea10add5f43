"""Rows that carry the numbers of rows another layout brought: the same, corrected, or another's."""

from typing import Final

from cxdash.facts.format import counted, day, listed
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import Namesakes
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.remembered import Brought

__all__ = ["namesakes", "same_rows"]

# What a number names, by kind of extract; of the other kinds a row is what it names, such as a
# customer or a month, so two systems cannot both be right about it.
_NUMBERED: Final = {
    "revenue": "payments or invoices",
    "orders": "orders",
    "subscriptions": "subscriptions",
    "responses": "answers",
    "invitations": "invitations",
    "contacts": "contacts",
    "events": "events",
}
_LISTED: Final = 3
_SAME: Final = ("same", "The same: this file corrects them, and its rows take their place")
_OTHER: Final = ("other", "Another system's: keep both apart, under a name for this system")


def same_rows(kind: str, met: Namesakes | None = None) -> Question:
    """The question, with what is known of the rows that are met."""
    told = "Rows loaded from a file of another layout carry the same numbers as rows of this file."
    if met is not None:
        told = _told(met)
    if kind in _NUMBERED:
        asked = f"Are they the same {_NUMBERED[kind]}, corrected, or another system's?"
        return Question("same_rows", f"{told} {asked}", (_SAME, _OTHER), "rows")
    asked = "Does this file correct them? If not, put it away: nothing is loaded."
    return Question("same_rows", f"{told} {asked}", (_SAME,), "rows")


def _told(met: Namesakes) -> str:
    """Which loaded rows are met; and where they are made up, how to go on without them."""
    named = [_named(one) for one in met.imports[:_LISTED]]
    left = len(met.imports) - len(named)
    named += [f"{left} more"] if left else []
    what = "a file" if len(met.imports) == 1 else "files"
    told = (
        f"Rows of {listed(named)}, {what} of another layout, carry the same numbers as "
        f"{counted(met.rows, 'row', 'rows')} of this file and say something else."
    )
    if not any(one.is_demo for one in met.imports):
        return told
    some = "That is" if all(one.is_demo for one in met.imports) else "Some of that is"
    return (
        f"{told} {some} the made-up demo company. To start with your own data, take it out first: "
        "'Replace by my own data' at the top of every page, or the command "
        "`python -m cxdash demo --clear`. Its rows are then gone and no longer asked about."
    )


def _named(one: Brought) -> str:
    if one.loaded_on is None:
        return f"{one.file_name} (which is loaded before this one)"
    return f"import {one.import_id} ({one.file_name}, loaded on {day(one.loaded_on)})"


def namesakes(draft: Draft) -> Draft:
    """Ask before rows take the place of rows that a file of another layout brought."""
    met = draft.evidence.met
    if met is None and "same_rows" not in draft.answers:
        return draft
    said, draft = draft.asking(same_rows(draft.mapping.kind, met))
    if said == "same":
        # A name for another system, given before somebody thought better of it, is dropped.
        return draft.with_mapping(same_rows=said, source="")
    if said == "other":
        draft = draft.with_mapping(same_rows="")
        name = Question(
            "source",
            "What is the system called that this file comes from? The name is put before its "
            "numbers, here and in later files of this layout.",
            (),
            "rows",
            free=True,
        )
        _, draft = draft.asking(name)
    return draft
