"""`import` without loading: what each file would become, and every answer to a question."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cxdash import intake
from cxdash.errors import CxdashError, UsageError
from cxdash.faces.cli.arriving import Arrived, Brought
from cxdash.faces.cli.previews import lines_of_choices, lines_of_preview, preview_json
from cxdash.faces.cli.problems import exit_code, problem_json, tell, tell_aside
from cxdash.faces.cli.text import print_json
from cxdash.intake import Names, Rows
from cxdash.store import Database

__all__ = ["choices", "dry_run"]


def dry_run(db: Database, brought: Brought, options: Namespace) -> int:
    """Show what each file would become; files that would be loaded before it count as known."""
    files = brought.files
    problems: list[Arrived] = []
    previews: list[dict[str, Any]] = []
    names: list[Names] = []
    rows: list[Rows] = []
    for one in files:
        proposal = one.proposal
        try:
            if proposal is None:
                problems.append(one)
                continue
            if not proposal.is_kind_open:
                known = intake.known(db, proposal.kind, names, header=proposal.header, waiting=rows)
                view = intake.preview(proposal, known=known, keep_rows=len(files) > 1)
                proposal = proposal.meeting(view.met, view.fits)
                names.append(view.names)
                rows += [view.brings] if view.brings else []
                previews.append(preview_json(one.name, view))
                if not options.json:
                    print("\n".join(lines_of_preview(one.name, proposal, view)))
            proposal.require()
        except CxdashError as error:
            problems.append(replace(one, proposal=proposal, error=error))
    if options.json:
        asked = [problem_json(one, alone=len(files) == 1) for one in problems]
        print_json(
            {
                "receipts": [],
                "problems": asked,
                "previews": previews,
                "left_aside": [{"file": one.name, "why": one.why} for one in brought.aside],
            }
        )
    tell_aside(brought.aside, as_json=options.json)
    tell(problems, alone=len(files) == 1)
    print("This was a trial: nothing was loaded.", file=sys.stderr)
    return exit_code(problems)


def choices(files: Sequence[Arrived], id_: str) -> int:
    """Every answer a question may have, in each file that has the question."""
    found = [
        (one.name, one.proposal, question)
        for one in files
        if one.proposal
        for question in one.proposal.put
        if question.id == id_
    ]
    if not found:
        asks = sorted({q.id for one in files if one.proposal for q in one.proposal.put})
        raise UsageError(
            f"No file asks about {id_!r}.",
            state="Nothing was loaded.",
            do_next=f"Questions asked: {', '.join(asks)}." if asks else "No file asks anything.",
        )
    for found_in in found:
        print("\n".join(lines_of_choices(*found_in)))
    return 0
