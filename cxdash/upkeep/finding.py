"""One thing the doctor looked at: what was found, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Severity", "bad", "fine", "hint"]

Severity = Literal["fine", "hint", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` names the check; ``do_next`` is empty where nothing is to be done."""

    code: str
    severity: Severity
    sentence: str
    do_next: str = ""


def fine(code: str, sentence: str) -> Finding:
    return Finding(code, "fine", sentence)


def hint(code: str, sentence: str, do_next: str) -> Finding:
    """Worth knowing; numbers are right."""
    return Finding(code, "hint", sentence, do_next)


def bad(code: str, sentence: str, do_next: str) -> Finding:
    """Numbers may be wrong, or data is in danger."""
    return Finding(code, "bad", sentence, do_next)
