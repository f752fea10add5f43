"""Export layouts we know: their roles, what names a row, and which rows are no facts."""

from dataclasses import replace
from typing import Final

from cxdash.intake.mapping import ColumnSpec, Mapping, RejectRule
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import Evidence
from cxdash.intake.recognition.questions import NONE, Question
from cxdash.intake.recognition.roles import ROLE_WORDS, described, named_roles
from cxdash.intake.recognition.vocabulary import Layout, vocabulary

__all__ = ["known_layout", "stopped", "take_layout"]

_ADDED: Final = ("customer_id", "order_id", "survey", "touchpoint", "unit", "agent", "segment")


def known_layout(evidence: Evidence, wanted: str | None) -> Layout | None:
    """The layout whose marks the header shows; None if we know none of that kind."""
    table = evidence.table
    return next(
        (
            layout
            for layout in vocabulary().layouts
            if layout.fits(table.header, table.tool) and (wanted is None or wanted == layout.kind)
        ),
        None,
    )


def take_layout(draft: Draft, layout: Layout) -> Draft:
    """Read the file as that layout is read."""
    evidence = draft.evidence
    draft = replace(draft, recognised_as=layout.name, layout=layout)
    draft = replace(draft, mapping=Mapping(kind=layout.kind, constants=dict(layout.constants)))
    if layout.warn:
        draft = draft.saying(layout.warn)
    for role, names in layout.columns.items():
        found = next((name for name in names if _is_filled(evidence, name)), None)
        if found is not None:
            draft = _role(draft, layout, role, found)
    draft = _others(draft, layout)
    reject = tuple(
        RejectRule(
            rule["column"],
            tuple(rule["values"]),
            rule["reason"],
            unless=bool(rule.get("unless", False)),
        )
        for rule in layout.reject
        if evidence.has(rule["column"])
    )
    key = layout.key if all(evidence.has(name) for name in layout.key) else ()
    return draft.with_mapping(reject=reject, key=key)


def stopped(draft: Draft) -> Draft:
    """Some exports would mislead; only a person may load them all the same."""
    if draft.layout is None or not draft.layout.stop or draft.read_before:
        return draft
    money = draft.mapping.kind == "revenue"
    sure = "the amounts are revenue as they stand" if money else "it holds what is read here"
    options = (("yes", f"I have made sure: {sure}"),)
    group = "money" if money else "what"
    _, draft = draft.asking(Question("load_anyway", draft.layout.stop, options, group))
    return draft


def _others(draft: Draft, layout: Layout) -> Draft:
    """Columns a person added to the export, such as a customer number, by their names."""
    for role, spec in named_roles(draft.evidence, layout.kind).items():
        asked = any(question.id == f"role:{role}" for question in draft.put)
        free = role in _ADDED and role not in draft.mapping.columns and not asked
        if free and spec.column not in draft.used:
            draft = draft.because({spec.column: f"named like {ROLE_WORDS.get(role, role)}"})
            draft = draft.with_column(role, spec)
    return draft


def _role(draft: Draft, layout: Layout, role: str, found: str) -> Draft:
    draft = draft.because({found: f"column of a {layout.name} export"})
    chosen: str | None = found
    if role in layout.ask:
        others = [shape for shape in draft.evidence.shapes if shape.name != found and shape.filled]
        said, draft = draft.asking(
            Question(
                f"role:{role}",
                f"Is {found!r} the name under which {ROLE_WORDS.get(role, role)} is known "
                "in your other files?",
                (
                    (found, f"Yes: {found}"),
                    *((shape.name, described(shape)) for shape in others),
                    NONE,
                ),
                "columns",
                columns=(found,),
            )
        )
        chosen = found if said is None else said
    if not chosen:
        return draft
    minus, times = layout.minus.get(role, ""), layout.times.get(role, "")
    return draft.with_column(
        role,
        ColumnSpec(
            chosen,
            minus=minus if draft.evidence.has(minus) else "",
            times=times if draft.evidence.has(times) else "",
        ),
    )


def _is_filled(evidence: Evidence, name: str) -> bool:
    shape = evidence.shape(name)
    return shape is not None and shape.filled > 0
