"""Which backups are there, a new one at a click, and how to put one back."""

from typing import Final

import streamlit as st

from cxdash import upkeep
from cxdash.faces.web import deeds, keeping_work, state, tables, words
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.keeping_health import megabytes
from cxdash.facts.format import count, counted
from cxdash.store.copies import Copy, listed, way_back
from cxdash.upkeep import Backup

__all__ = ["backups", "where"]

_BACKUP: Final = "backup"
_KIND: Final = {
    "backup": "backup",
    "before a new schema": "copy made before an upgrade",
    "set aside": "file set aside by a restore",
}


def backups() -> None:
    """The list, the button, and the command that restores."""
    db = state.database()
    made: Backup | None = keeping_work.ended(_BACKUP)
    if made is not None:
        rows = counted(made.manifest.rows, "row", "rows")
        words.notice(
            [f"The backup is made: {rows}, read back and equal. It is {made.file}."], "backed-up"
        )
    known = list(reversed(listed(db.place)))
    if known:
        erased = upkeep.erasures(db)
        tables.text_table(
            ["Made (UTC)", "Age", "Rows", "Size", "Read back and equal", "Erased customers in it"],
            [_line(copy, erased) for copy in known],
            right=[False, True, True, True],
            key="backups",
        )
        lie = "It is" if len(known) == 1 else "They are"
        st.markdown(md(f"{lie} {where(known)}. A broken disk takes all that lies on it."))
    else:
        st.markdown(
            "There is no backup yet. A backup is one file with every row, the people and the audit "
            "log. It is made while everybody goes on working, read back and compared row by row "
            "before it counts, and takes seconds for a company of some thousand customers. Copy it "
            "to another disk afterwards: a broken disk takes all that lies on it."
        )
    busy = keeping_work.is_under_way(_BACKUP)
    if st.button("Make a backup now", type="primary", key="make-backup", disabled=busy):
        keeping_work.begun(_BACKUP, deeds.start_backup())
        st.rerun()
    if upkeep.backups(db.place):
        _way_back()


def _way_back() -> None:
    back = way_back(state.database().place)
    with st.expander("How to put a backup back", type="compact"):
        st.markdown(
            md(
                f"{back.sentence} The backup is proved whole first, the file that stands here is "
                "set aside, and whoever was erased since is erased again."
            )
        )
        st.code(back.command, language=None, wrap_lines=True)


def where(copies: list[Copy]) -> str:
    """The files by folder, as part of a sentence."""
    folders: dict[str, list[str]] = {}
    for copy in copies:
        folders.setdefault(str(copy.file.parent), []).append(copy.file.name)
    return "; ".join(
        f"{', '.join(plain(name, 120) for name in names)} in {plain(folder, 200)}"
        for folder, names in folders.items()
    )


def _line(copy: Copy, erased: int) -> list[str]:
    is_backup = copy.kind == "backup"
    return [
        copy.made_at[:16].replace("T", " "),
        _age(copy.days),
        "not counted" if copy.rows is None else count(copy.rows),
        megabytes(copy.bytes),
        "yes" if is_backup else f"no: {_KIND[copy.kind]}",
        "yes" if copy.erasures < erased else "no",
    ]


def _age(days: float) -> str:
    if days >= 1:
        return counted(int(days), "day", "days")
    hours = int(days * 24)
    return counted(hours, "hour", "hours") if hours else "under an hour"
