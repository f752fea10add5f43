"""Exports in, canonical rows and a receipt out."""

from cxdash.intake.mapping import (
    ColumnSpec,
    CommentSpec,
    FileSpec,
    Mapping,
    RejectRule,
    ScoreSpec,
)

__all__ = ["ColumnSpec", "CommentSpec", "FileSpec", "Mapping", "RejectRule", "ScoreSpec"]
