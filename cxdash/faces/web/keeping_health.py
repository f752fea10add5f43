"""Is what we hold safe? What the doctor found, what to do about each, and the room it takes."""

import re
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cxdash import upkeep
from cxdash.faces.web import deeds, keeping_work, state, tables, words
from cxdash.faces.web.escape import md
from cxdash.facts.format import counted
from cxdash.store.copies import Copy, listed
from cxdash.upkeep import Compacted, Diagnosis, Finding, Room

__all__ = ["Looked", "findings", "headline", "look", "megabytes", "room"]

_TURN: Final = "keeping-turn"
_COMPACT: Final = "compact"
_PROBLEM: Final = ":red-badge[Problem]"
_TO_DO: Final = ":orange-badge[Worth doing]"
_TO_KNOW: Final = ":gray-badge[Worth knowing]"
_COMMAND: Final = re.compile(r"(`python -m cxdash [\w .-]+`)")
# What to do is on this page, so no command needs to be typed.
_HERE: Final = {
    "backups": "Make one below, then copy it to another disk.",
    "size": "Make the file small again: the last part of this page.",
    "erasures": "Erase the same customer once more below, with the box for backups ticked. Or "
    "make a new backup and remove the older ones by hand. Whoever is restored from them is erased "
    "again.",
}
_WORTH_IT: Final = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found. ``erasures`` counts customers erased, ``holding`` copies still with one."""

    diagnosis: Diagnosis
    room: Room
    erasures: int
    holding: tuple[Copy, ...]


def look() -> Looked:
    """Examine the database; done once until data or copies change or somebody asks anew."""
    db = state.database()
    copies = tuple((copy.path, copy.erasures) for copy in listed(db.place))
    key = (copies, st.session_state.get(_TURN, 0))

    def examined() -> Looked:
        with st.spinner("Looking at every row …"):
            room = upkeep.room(db)
            return Looked(upkeep.examined(db), room, upkeep.erasures(db), upkeep.still_holding(db))

    return db.kept("looked", key, examined, room=2)


def headline(looked: Looked) -> str:
    """Healthy, or what is wrong; then what was counted, and who was erased."""
    found = looked.diagnosis.findings
    bads = [one for one in found if one.severity == "bad"]
    hints = [one for one in found if one.severity == "hint" and one.do_next]
    if bads:
        first = f"{counted(len(bads), 'problem', 'problems')} with what we hold"
        return f"{first}. {bads[0].sentence}"
    if hints:
        left = "one thing is" if len(hints) == 1 else f"{len(hints)} things are"
        first = f"What we hold is sound, and {left} worth doing"
    else:
        first = "What we hold is sound and backed up"
    told = [one.sentence for one in found if one.code in {"content", "backups"}]
    return " ".join([f"{first}.", *told, _erased(looked)])


def _erased(looked: Looked) -> str:
    if not looked.erasures:
        return "No customer was erased so far."
    told = counted(looked.erasures, "customer was", "customers were")
    if not looked.holding:
        return f"{told} erased, and no copy we know of holds one."
    copies = counted(len(looked.holding), "older copy still holds", "older copies still hold")
    whom = "that customer" if looked.erasures == 1 else "at least one of them"
    return f"{told} erased; {copies} {whom}."


def findings(looked: Looked) -> None:
    """Each finding that asks for something, with what to do; the rest behind a word."""
    for number, one in enumerate(looked.diagnosis.findings):
        if one.severity != "fine":
            with st.container(key=f"notice-finding-{number}"):
                hint = _TO_DO if one.do_next else _TO_KNOW
                badge = _PROBLEM if one.severity == "bad" else hint
                st.markdown(f"{badge} **{md(one.sentence)}**")
                if one.do_next:
                    st.markdown(_advice(one))
    with st.container(horizontal=True, vertical_alignment="center", key="looked"):
        if st.button("Look again", key="look-again"):
            st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
            st.rerun()
    fine = [one for one in looked.diagnosis.findings if one.severity == "fine"]
    with st.expander(f"What else was looked at, and is well ({len(fine)})", type="compact"):
        words.bullets([one.sentence for one in fine])


def _advice(finding: Finding) -> str:
    """What to do, as markdown: text is escaped, commands of ours are set as code."""
    if finding.code in _HERE and finding.severity == "hint":
        return md(_HERE[finding.code])
    parts = _COMMAND.split(finding.do_next)
    return "".join(part if _COMMAND.fullmatch(part) else _spaced(part) for part in parts)


def _spaced(part: str) -> str:
    """Escaped, with the blanks at both ends that escaping trims."""
    before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return f"{before and ' '}{md(part)}{after and ' '}"


def room(looked: Looked) -> None:
    """What the file takes, what compacting would win, and the button for it."""
    done: Compacted | None = keeping_work.ended(_COMPACT)
    if done is not None:
        said = (
            f"The file has {megabytes(done.after)}; it had {megabytes(done.before)}. "
            f"{counted(done.rows, 'row was', 'rows were')} compared and found the same."
        )
        words.notice([said], "compacted")
    held = looked.room
    tables.text_table(
        ["The file has", "In use", "Making it small again wins about"],
        [[megabytes(held.whole), megabytes(held.used), megabytes(held.spare)]],
        right=[True, True, True],
        key="room",
    )
    if held.spare < _WORTH_IT:
        st.markdown(
            "There is next to nothing to win. After a large import was taken back, or many "
            "customers were erased, there will be."
        )
    if st.button(
        "Make the file small again", key="compact", disabled=keeping_work.is_under_way(_COMPACT)
    ):
        keeping_work.begun(_COMPACT, deeds.start_compacting())
        st.rerun()


def megabytes(count: int) -> str:
    """``10.5 MB``."""
    return f"{count / 1e6:,.1f} MB"
