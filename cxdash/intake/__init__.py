"""Exports in, canonical rows and a receipt out."""

from cxdash.intake.jobs import ImportJob, start_import, start_undo, under_way
from cxdash.intake.load import imports, load, rejected_rows, undo
from cxdash.intake.mapping import (
    ColumnSpec,
    CommentSpec,
    FileSpec,
    Mapping,
    RejectRule,
    ScoreSpec,
    item_name,
)
from cxdash.intake.matching import Match, foresee_match
from cxdash.intake.proposal import ColumnProfile, Proposal, inspect
from cxdash.intake.receipt import Money, Receipt, Reject, ScoreCounts
from cxdash.intake.recognise import Question
from cxdash.intake.remembered import Remembered, remembered

__all__ = [
    "ColumnProfile",
    "ColumnSpec",
    "CommentSpec",
    "FileSpec",
    "ImportJob",
    "Mapping",
    "Match",
    "Money",
    "Proposal",
    "Question",
    "Receipt",
    "Reject",
    "RejectRule",
    "Remembered",
    "ScoreCounts",
    "ScoreSpec",
    "foresee_match",
    "imports",
    "inspect",
    "item_name",
    "load",
    "rejected_rows",
    "remembered",
    "start_import",
    "start_undo",
    "under_way",
    "undo",
]
