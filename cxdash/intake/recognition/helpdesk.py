"""Exports of a help desk: how they are told from a survey, and what of them is not kept.

A list of tickets often says what customers answered afterwards, so that a column alone does not
tell it from a survey. The columns beside it do: how far it is, who has it, when it was solved.
"""

import re
from typing import Final

from cxdash.facts.format import listed
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import Evidence
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.roles import named_roles
from cxdash.intake.recognition.vocabulary import normal, vocabulary

__all__ = ["is_help_desk", "not_kept", "spoken_of", "ticket_numbers"]

_TICKET: Final = re.compile(
    r"\b(ticket|case|conversation|incident|issue|ticketnummer|fallnummer)\b"
)
_SOLVED: Final = re.compile(
    r"\b(solved|resolved|closed|resolution|time to close|time to resolve|gelost|geschlossen)\b"
)
_PRIORITY: Final = re.compile(r"\b(priority|prioritat|prioridad|prioridade|priorite|urgency)\b")
_GROUP: Final = re.compile(r"\b(group|queue|mailbox|inbox|team|gruppe|grupo|groupe)\b")
_STATUS: Final = re.compile(r"\b(status|state)$")
_AGENT: Final = re.compile(r"\b(assignee|assigned|agent|teammate|bearbeiter|agente)\b")
_REPLIES: Final = re.compile(r"\b(reply|replies|response time|reopens|interactions)\b")
# What the columns of a ticket say that has no place, in words a reader knows.
_UNKEPT: Final = (
    (_SOLVED, "when it was solved"),
    (_PRIORITY, "how urgent it was"),
    (_GROUP, "which group had it"),
)
_ANSWERED: Final = re.compile(
    r"\b(satisfaction|csat|ratings?|survey results?|happiness|zufriedenheit|satisfac(cion|ao))\b"
)


def is_help_desk(evidence: Evidence) -> bool:
    """Whether each row is a ticket with its course, rather than an answer about one."""
    found = named_roles(evidence, "contacts")
    number, day = found.get("contact_id"), found.get("contacted_at")
    if number is None or day is None or not _TICKET.search(normal(number.column)):
        return False
    answered = named_roles(evidence, "responses").get("answered_at")
    if answered is not None and answered.column != day.column:
        return False
    if any(normal(shape.name) in vocabulary().comment.exact for shape in evidence.shapes):
        # Beside a remark, what a customer answered is what the file is about.
        return _count(evidence, _SOLVED, _PRIORITY, _STATUS) > 1
    return _count(evidence, _SOLVED, _PRIORITY, _STATUS) > 0 and (
        _count(evidence, _SOLVED, _PRIORITY, _STATUS, _GROUP, _AGENT, _REPLIES) > 1
    )


def _count(evidence: Evidence, *signs: re.Pattern[str]) -> int:
    names = [normal(shape.name) for shape in evidence.shapes]
    return sum(any(sign.search(name) for name in names) for sign in signs)


def ticket_numbers(draft: Draft) -> Draft:
    """An answer in a list of tickets is named by its ticket, so that a later export corrects it."""
    mapping = draft.mapping
    if mapping.kind != "responses" or draft.read_before or "response_id" in mapping.columns:
        return draft
    number = named_roles(draft.evidence, "contacts").get("contact_id")
    if number is None or not is_help_desk(draft.evidence):
        return draft
    if not draft.evidence.names_rows(number.column):
        return draft
    return draft.because({number.column: "the ticket names the answer"}).with_column(
        "response_id", number
    )


def not_kept(draft: Draft) -> Draft:
    """Say what a list of tickets holds that is read and not kept, and how to have the answers."""
    if draft.mapping.kind != "contacts":
        return draft
    answered = [shape.name for shape in _free(draft) if _ANSWERED.search(normal(shape.name))]
    if answered:
        what = f"{listed(answered)} {'are' if len(answered) > 1 else 'is'}"
        draft = draft.saying(
            f"{what} what customers answered, for which a contact has no place. To have the "
            "answers as well, bring this file a second time and say that it holds survey answers "
            "(on the command line: --kind responses); the contacts stay."
        )
    course = _course(draft)
    if course:
        told = [f"{what} ({', '.join(names)})" for what, names in course.items()]
        draft = draft.saying(f"Not kept, because cxdash has no place for it yet: {listed(told)}.")
    return draft


def spoken_of(draft: Draft) -> frozenset[str]:
    """The columns of which ``not_kept`` tells what becomes of them."""
    if draft.mapping.kind != "contacts":
        return frozenset()
    answered = {shape.name for shape in _free(draft) if _ANSWERED.search(normal(shape.name))}
    return frozenset(answered.union(*_course(draft).values()))


def _course(draft: Draft) -> dict[str, list[str]]:
    """What is said of a ticket's course and not kept, with the columns that say it."""
    found: dict[str, list[str]] = {}
    for shape in _free(draft):
        name = normal(shape.name)
        if _ANSWERED.search(name) or _STATUS.search(name):
            continue
        what = next((what for sign, what in _UNKEPT if sign.search(name)), None)
        if what is not None:
            found.setdefault(what, []).append(shape.name)
    return found


def _free(draft: Draft) -> list[Shapes]:
    return [
        shape for shape in draft.evidence.shapes if shape.filled and shape.name not in draft.used
    ]
