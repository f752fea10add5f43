"""Whether the tests try everything, however long it takes.

A test whose full figures take minutes tries a few by default, and all of them where
``CXDASH_THOROUGH=1`` is set, as ``make promises`` does. A test asks the fixture ``thorough``; what
must be known before tests are collected, such as a number of examples, asks ``THOROUGH``.
"""

import os
from typing import Final

import pytest

THOROUGH: Final = os.environ.get("CXDASH_THOROUGH") == "1"


@pytest.fixture
def thorough() -> bool:
    """Whether the full figures are wanted, however long they take."""
    return THOROUGH
