"""What in a loaded file can mislead whoever reads the money: named, counted, priced."""

from cxdash.intake.loading.findings.case import Case
from cxdash.intake.loading.findings.find import find, warnings
from cxdash.intake.loading.findings.replacements import restated

__all__ = ["Case", "find", "restated", "warnings"]
