"""The command line: ``python -m cxdash COMMAND``. docs/contract.md describes it."""

from cxdash.faces.cli.main import main
from cxdash.faces.cli.parser import build_parser

__all__ = ["build_parser", "main"]
