"""Exports in, canonical rows and a receipt out."""

from cxdash.intake.loading.jobs import ImportJob, start_import, start_undo, under_way
from cxdash.intake.loading.load import imports, load, rejected_rows, undo
from cxdash.intake.loading.matching import Match, foresee_match
from cxdash.intake.loading.receipt import Money, Receipt, Reject, ScoreCounts
from cxdash.intake.mapping import (
    ColumnSpec,
    CommentSpec,
    FileSpec,
    Mapping,
    RejectRule,
    ScoreSpec,
    item_name,
)
from cxdash.intake.recognition.proposal import ColumnProfile, Proposal, inspect
from cxdash.intake.recognition.recognise import Question
from cxdash.intake.recognition.remembered import Remembered, remembered

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
