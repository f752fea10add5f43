"""The commands that ask: answer, examine, questions, definitions."""

import sys
from argparse import Namespace
from pathlib import Path

from cxdash import questions
from cxdash.access import Action, note, operator
from cxdash.errors import UsageError
from cxdash.faces.cli.opening import open_existing
from cxdash.faces.cli.text import lines_of_answer, paragraph, print_json
from cxdash.faces.exports import csv_of, xlsx_of
from cxdash.facts import Answer, Scope, definitions
from cxdash.store import Database

__all__ = ["answer", "examine", "list_definitions", "list_questions"]


def answer(options: Namespace) -> int:
    """Answer one question. "Cannot tell" is an answer as well: the exit code is 0."""
    if options.question not in questions.QUESTIONS:
        raise UsageError(
            f"There is no question {options.question!r}.",
            do_next=f"The questions are: {', '.join(questions.QUESTIONS)}.",
        )
    scope = Scope(
        as_of=options.as_of,
        metric=options.metric,
        outcome=options.outcome,
        horizon=options.horizon,
        where=tuple(options.where),
        claim=options.claim,
    )
    if options.json and options.table is not None:
        raise UsageError(
            "--table prints CSV and --json prints JSON.", do_next="Give only one of the two."
        )
    if options.xlsx is not None and options.table is None:
        raise UsageError(
            "--xlsx writes one table.", do_next="Name it with --table, for example --table drivers."
        )
    with open_existing(options) as db:
        _check_filters(db, options.question, scope)
        reply = questions.ask(db, options.question, scope)
        if options.table in reply.tables:
            note(db, operator(), Action.EXPORT, f"table {options.table} of {options.question}")
    if options.table is not None:
        _hand_out(reply, options.table, options.xlsx)
    elif options.json:
        print_json(reply.to_json())
    else:
        print("\n".join(lines_of_answer(reply)))
    return 0


def examine(options: Namespace) -> int:
    """Answer ``examine`` for a claim of one question: the one named, else its main claim."""
    claim = options.claim or options.question
    if claim.split(".")[0] != options.question:
        raise UsageError(
            f"The claim {claim!r} is not one of {options.question}.",
            do_next=f"Name a Fact whose id begins with {options.question!r}, or leave --claim out.",
        )
    return answer(Namespace(**{**vars(options), "question": "examine", "claim": claim}))


def _hand_out(reply: Answer, name: str, workbook: Path | None) -> None:
    """One table to standard output as CSV, or to a file as a workbook.

    Raises
    ------
    UsageError
        The answer has no table of that name, or the file cannot be written.
    """
    if name not in reply.tables:
        offered = ", ".join(reply.tables) or "none, because it cannot tell anything"
        raise UsageError(
            f"This answer has no table {name!r}.", do_next=f"Its tables are: {offered}."
        )
    if workbook is None:
        sys.stdout.write(csv_of(reply.tables[name]))
        return
    try:
        workbook.write_bytes(xlsx_of(reply, name))
    except OSError as error:
        raise UsageError(
            f"{workbook} cannot be written: {error.strerror}.",
            state="Nothing was written.",
            do_next="Name another file with --xlsx.",
        ) from error
    print(f"{len(reply.tables[name]):,} rows were written to {workbook}.", file=sys.stderr)


def list_questions(options: Namespace) -> int:
    """Every question with what it asks."""
    known = questions.QUESTIONS.values()
    if options.json:
        print_json([{"name": info.name, "title": info.title, "asks": info.asks} for info in known])
        return 0
    for info in known:
        print("\n".join([f"{info.name}: {info.title}", *paragraph(info.asks)]))
    return 0


def list_definitions(options: Namespace) -> int:
    """Every metric with its variants; two variants are never merged."""
    known = definitions()
    if options.json:
        print_json([entry.to_json() for entry in known.values()])
        return 0
    for entry in known.values():
        print("\n".join([f"{entry.variant}: {entry.name}", *paragraph(entry.plain)]))
    return 0


def _check_filters(db: Database, question: str, scope: Scope) -> None:
    """UsageError for a filter no customer column offers; its values are data, so any may be."""
    known = questions.filters(db, question) if scope.where else {}
    names = {column.casefold() for column in known}
    for column, _ in scope.where:
        if column.casefold() not in names:
            offered = ", ".join(known) or "none, because no customers are loaded"
            raise UsageError(
                f"Customers cannot be filtered by {column!r}.",
                do_next=f"The columns for --where are: {offered}.",
            )
