"""What a file meets in the database before it is loaded: itself, customers, other layouts."""

from dataclasses import replace

from cxdash.intake.batch import known
from cxdash.intake.fits import fits
from cxdash.intake.loading.receipt import Receipt
from cxdash.intake.loading.records import imports
from cxdash.intake.mapping import FileSpec, Mapping
from cxdash.intake.preview import preview
from cxdash.intake.recognition.proposal import Proposal
from cxdash.intake.recognition.remembered import still_valid
from cxdash.store import Database

__all__ = ["loaded_before", "matched", "meet"]


def loaded_before(db: Database, proposal: Proposal) -> Receipt | None:
    """The import in force of the same bytes, read in the same way: another would add nothing."""
    same = (
        one
        for one in imports(db)
        if one.sha256 == proposal.sha256
        and not one.undone
        and one.sheet == proposal.mapping.file.sheet
        and _is_read_alike(still_valid(one.mapping), proposal.mapping)
    )
    return next(same, None)


def _is_read_alike(then: Mapping | None, now: Mapping) -> bool:
    """Whether two mappings make the same rows of the same bytes."""
    return then is not None and replace(then, file=FileSpec()) == replace(now, file=FileSpec())


def meet(db: Database, proposal: Proposal) -> Proposal:
    """The proposal, asking first where its rows would replace rows of another layout.

    So it does where another column names the customers better. The whole file is read where files
    of another layout are loaded or a column is in question, and not otherwise.

    Raises
    ------
    FileRefused
        If the file cannot be read safely.
    """
    found = known(db, proposal.kind, header=proposal.header)
    if not found.others.num_rows:
        return proposal.meeting(None, fits(proposal, found))
    view = preview(proposal, known=found)
    return proposal.meeting(view.met, view.fits)


def matched(db: Database, proposal: Proposal) -> Proposal:
    """The proposal, asking first where another column names the customers that are loaded better.

    Raises
    ------
    FileRefused
        If the file cannot be read safely.
    """
    return proposal.meeting(None, fits(proposal, known(db, proposal.kind)))
