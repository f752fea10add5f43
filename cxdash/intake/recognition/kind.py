"""What a file holds, judged by its headers and the form of its cells."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import AMOUNT, MONTH, ColumnSpec, Mapping
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import Evidence
from cxdash.intake.recognition.helpdesk import is_help_desk
from cxdash.intake.recognition.outlines import months_in
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.roles import named_roles
from cxdash.intake.recognition.scales import scales_of
from cxdash.intake.recognition.scores import item_of
from cxdash.intake.recognition.vocabulary import normal, vocabulary

__all__ = ["kind"]

# A file is of a kind only if it has all roles of one of these sets.
_MARKS: Final[dict[str, tuple[AbstractSet[str], ...]]] = {
    "customers": ({"customer_id"},),
    "snapshots": ({"customer_id", "has_left"},),
    "subscriptions": (
        {"started_on", "ended_on", "customer_id"},
        {"started_on", "cancelled_on", "customer_id"},
        {"started_on", "monthly_amount"},
        {"started_on", "subscription_id"},
        {"started_on", "plan", "customer_id"},
    ),
    "orders": (
        {"order_id", "ordered_at"},
        {"order_id", "delivered_at"},
        {"order_id", "customer_id"},
    ),
    "revenue": ({"amount", "dated"}, {"amount", "order_id"}, {"amount", "customer_id"}),
    "responses": (set(),),
    "invitations": ({"sent_at"},),
    "contacts": (
        {"contacted_at", "contact_id"},
        {"contacted_at", "reason", "customer_id"},
        {"contacted_at", "minutes"},
        {"contacted_at", "resolved_first"},
    ),
    "teams": (
        {"unit", "period", "headcount"},
        {"unit", "period", "engagement"},
        {"unit", "period", "turnover"},
        {"unit", "period", "absence"},
    ),
    "pilot_roster": ({"customer_id", "arm"},),
    "control_totals": ({"period", "measure", "amount"},),
    "fx": ({"currency", "rate"}, {"to_currency", "rate"}),
    "events": ({"dated", "what"},),
    "metric_register": ({"metric", "goal"}, {"metric", "decision"}, {"metric", "owner"}),
}
# Roles that are found in files of every kind and speak for none.
_COMMON: Final = frozenset({"currency", "revenue_kind"})
# How much the course of a ticket speaks for a list of tickets, and against a survey.
_TICKETS: Final = 1.0
_SURE: Final = 2.0  # below, a person is asked
_UNSURE: Final = 1.5
_ONLY_ASKED: Final = ("nps", "csat", "ces")
_MOST_ARMS: Final = 8
# A survey about tickets names the team as a list of tickets does: it tells neither from the other.
_IN_SURVEYS_TOO: Final = ("contacts", "unit")
# Names of columns that may stand for anything, in any file.
_GENERIC: Final = frozenset(
    {
        "id",
        "type",
        "category",
        "name",
        "code",
        "source",
        "title",
        "description",
        "subject",
        "status",
    }
    | {"state", "account", "entity", "service", "left", "text"}
)


def kind(draft: Draft) -> Draft:
    """The kind the headers speak for; asked unless one stands out."""
    evidence = draft.evidence
    scores = {name: _speaks_for(evidence, name) for name in KINDS}
    ranked = sorted(scores, key=lambda name: -scores[name])
    best, second = ranked[0], ranked[1]
    if scores[best] >= _SURE and scores[best] - scores[second] >= 0.75:
        sure = replace(draft, recognised_as=KINDS[best].title)
        return replace(sure, mapping=_bare(best))
    nothing = scores[best] <= 0
    likely = "Nothing in it looks like a kind that is read here. " if nothing else ""
    said, draft = draft.asking(
        Question(
            "kind",
            f"{likely}What does {evidence.table.scan.name} hold?",
            tuple((name, KINDS[name].title) for name in ranked),
            "what",
        )
    )
    return replace(draft, mapping=_bare(said or best), sure=said is not None)


def _bare(name: str) -> Mapping:
    return Mapping(kind=name)


def _speaks_for(evidence: Evidence, name: str) -> float:
    """How much speaks for a kind; 0 or less when what marks it is not there."""
    found = named_roles(evidence, name)
    months = months_in(evidence.shapes) if name == "revenue" else ()
    if months:
        # A column a month holds amounts with their dates.
        found |= {"amount": ColumnSpec(AMOUNT), "dated": ColumnSpec(MONTH)}
    marks = _MARKS[name]
    telling = _telling(found)
    marked = any(mark <= telling for mark in marks)
    items = _items(evidence)
    tickets = _TICKETS * is_help_desk(evidence)
    if name == "responses":
        return _speaks_for_answers(evidence, found, items) - tickets
    if name == "contacts" and tickets:
        items = 0
    if not marked:
        return 0.0
    needed = [role for role in (*KINDS[name].required, *KINDS[name].key) if role not in _COMMON]
    own_id = KINDS[name].own_id
    needed = [role for role in needed if role != own_id or role in found]
    share = sum(role in found for role in needed) / max(1, len(needed))
    own = [role for role in found if role not in _COMMON and (name, role) != _IN_SURVEYS_TOO]
    largest = max(len(mark) for mark in marks if mark <= telling)
    return 1.5 * share + 0.25 * len(own) + 0.5 * largest - _against(evidence, name, found, items)


def _telling(found: dict[str, ColumnSpec]) -> set[str]:
    return {role for role, spec in found.items() if normal(spec.column) not in _GENERIC}


def _against(evidence: Evidence, name: str, found: dict[str, ColumnSpec], items: int) -> float:
    """What speaks against a kind though its words are there."""
    against = 0.0
    money = {"amount", "dated"} <= set(named_roles(evidence, "revenue"))
    money = money or bool(months_in(evidence.shapes))
    if name == "customers":
        shape = evidence.shape(found["customer_id"].column)
        repeats = shape is None or shape.distinct < 0.9 * evidence.apart.distinct_rows
        against += 2.0 * repeats + 1.0 * money + (0.75 if len(found) < 2 else 0)
    if name in ("customers", "subscriptions", "orders", "contacts", "invitations", "teams"):
        against += 0.75 * min(2, items)
    if name == "orders" and "ordered_at" not in found and money:
        against += 1.0
    if name == "subscriptions" and money and not {"ended_on", "cancelled_on"} & set(found):
        against += 0.5
    if name in ("events", "metric_register", "control_totals", "teams", "fx"):
        of_customers = "customer_id" in named_roles(evidence, "contacts")
        of_answers = items > 0 and name not in ("teams", "metric_register")
        against += 2.0 * (of_customers or of_answers)
    if name == "pilot_roster":
        shape = evidence.shape(found["arm"].column)
        against += 3.0 * (shape is None or shape.distinct > _MOST_ARMS or money or items > 0)
    return against


def _speaks_for_answers(evidence: Evidence, found: dict[str, ColumnSpec], items: int) -> float:
    """Answers without a single item or comment are not answers."""
    comments = any(
        normal(shape.name) in vocabulary().comment.exact and shape.filled
        for shape in evidence.shapes
    )
    questions = sum(
        shape.name.rstrip().endswith("?") or len(shape.name.split()) >= 6
        for shape in evidence.shapes
    )
    worded = sum(
        shape.distinct > 1 and any(scale.about not in ("", "yes") for scale in scales_of(shape))
        for shape in evidence.shapes
    )
    partly = sum(
        item_of(shape)[1] == "part" and bool(scales_of(shape)) for shape in evidence.shapes
    )
    heard = min(
        3.0,
        items
        + 0.5 * min(2, partly)
        + 0.5 * comments
        + 0.5 * min(4, questions)
        + 0.5 * min(3, worded),
    )
    if evidence.lines is not None:
        heard = 3.0
    telling = _telling(found)
    own = [role for role in telling if role not in _COMMON]
    told = sum(role in telling for role in ("response_id", "answered_at"))
    # One question alone may be a column of any file; beside the id of an answer it is a survey.
    hints = questions + worded + partly + comments
    if not (items or evidence.lines or hints > 1 or (hints and "response_id" in telling)):
        return 0.0
    speaks = 0.75 * told + 0.25 * len(own) + heard
    # What only sounds like a score may be one of any list, unless the list numbers its answers.
    sounds = not (items or comments or questions or worded or evidence.lines)
    return min(speaks, _UNSURE) if sounds and "response_id" not in telling else speaks


def _items(evidence: Evidence) -> int:
    """Columns named like a question that is asked everywhere.

    Only of names that nothing else bears the cells are not looked at: an answer off its scale is
    still an answer.
    """
    named = [(shape, *item_of(shape)) for shape in evidence.shapes]
    return sum(
        how == "exact"
        and item is not None
        and (item.name in _ONLY_ASKED or bool(scales_of(shape)) or shape.filled == 0)
        for shape, item, how in named
    )
