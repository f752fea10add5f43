"""Exports in, canonical rows and a receipt out."""

from cxdash.intake.batch import Known, Names, Rows, known, place_of
from cxdash.intake.loading.history import Version, changes, history
from cxdash.intake.loading.jobs import ImportJob, start_import, start_undo, under_way
from cxdash.intake.loading.load import load
from cxdash.intake.loading.receipt import (
    Finding,
    Money,
    Receipt,
    Reject,
    Restated,
    ScoreCounts,
)
from cxdash.intake.loading.records import imports, rejected_rows
from cxdash.intake.loading.taking_back import undo
from cxdash.intake.mapping import (
    ColumnSpec,
    CommentSpec,
    FileSpec,
    Mapping,
    RejectRule,
    ScoreSpec,
    item_name,
)
from cxdash.intake.meeting import loaded_before, matched, meet
from cxdash.intake.preview import Preview, preview
from cxdash.intake.reading.unpacking import Inner, unpacked
from cxdash.intake.recognition.proposal import ColumnProfile, Proposal, inspect
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.remembered import Remembered, remembered
from cxdash.intake.sample import readings

__all__ = [
    "ColumnProfile",
    "ColumnSpec",
    "CommentSpec",
    "FileSpec",
    "Finding",
    "ImportJob",
    "Inner",
    "Known",
    "Mapping",
    "Money",
    "Names",
    "Preview",
    "Proposal",
    "Question",
    "Receipt",
    "Reject",
    "RejectRule",
    "Remembered",
    "Restated",
    "Rows",
    "ScoreCounts",
    "ScoreSpec",
    "Version",
    "changes",
    "history",
    "imports",
    "inspect",
    "item_name",
    "known",
    "load",
    "loaded_before",
    "matched",
    "meet",
    "place_of",
    "preview",
    "readings",
    "rejected_rows",
    "remembered",
    "start_import",
    "start_undo",
    "under_way",
    "undo",
    "unpacked",
]
