"""Rows that carry the numbers of rows another layout brought: the same, corrected, or another's."""

from typing import Final

from cxdash.facts.format import counted
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import Namesakes
from cxdash.intake.recognition.questions import Question

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
_SAME: Final = ("same", "The same: this file corrects them, and its rows take their place")
_OTHER: Final = ("other", "Another system's: keep both apart, under a name for this system")


def same_rows(kind: str, met: Namesakes | None = None) -> Question:
    """The question, with what is known of the rows that are met."""
    told = "Rows loaded from a file of another layout carry the same numbers as rows of this file"
    if met is not None:
        numbers = ", ".join(map(str, met.imports))
        told = (
            f"Rows of import {numbers}, a file of another layout, carry the same numbers as "
            f"{counted(met.rows, 'row', 'rows')} of this file and say something else"
        )
    if kind in _NUMBERED:
        asked = f"Are they the same {_NUMBERED[kind]}, corrected, or another system's?"
        return Question("same_rows", f"{told}. {asked}", (_SAME, _OTHER), "rows")
    asked = "Does this file correct them? If not, put it away: nothing is loaded."
    return Question("same_rows", f"{told}. {asked}", (_SAME,), "rows")


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
