"""Memory an upload took is given back as soon as the file lies on disk.

Streamlit keeps the bytes of an upload as long as the visitor's session lives, which for an open tab
is for ever. And the allocator keeps what was freed for the process, so it is told to hand it on.
"""

import ctypes
import sys
from typing import Any, Final

from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

__all__ = ["give_back", "release"]

_C: Final = ctypes.CDLL(None)  # what this process itself is linked with
_WORTH_IT: Final = 1_000_000  # bytes freed from which on the allocator is asked


def release(upload: Any) -> None:
    """Forget the bytes of an upload of this visitor; it cannot be read again afterwards."""
    session = get_script_run_ctx()
    if session is not None and exists():
        manager: Any = get_instance().uploaded_file_mgr
        manager.remove_file(session.session_id, upload.file_id)
    size = upload.size
    upload.close()
    if size >= _WORTH_IT:
        give_back()


def give_back() -> None:
    """Hand memory that is free inside the process back to the machine, where it can be done."""
    if sys.platform == "linux" and hasattr(_C, "malloc_trim"):
        _C.malloc_trim(0)
