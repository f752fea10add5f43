"""The files of one `import` command: unpacked, read, and each given the answers it asks for.

Nothing is loaded while an answer fits no file: a mistyped one would reject rows in silence.
"""

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cxdash import intake
from cxdash.errors import CxdashError, UsageError
from cxdash.facts.format import listed
from cxdash.intake import Mapping, Proposal, Remembered, place_of
from cxdash.intake.kinds import KINDS

__all__ = ["Arrived", "Aside", "Brought", "arrived"]

# Questions any file could be given an answer to, whether or not it asks.
_OF_EVERY_FILE: Final = frozenset(
    {
        *("kind", "encoding", "header_row", "sheet", "fixed_width", "no_header"),
        *("same_rows", "source"),
    }
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One file to load: ``name`` is what the person calls it, ``path`` where it lies now.

    ``file_name`` is its own name, without the archive or the folder it came in. Either ``proposal``
    says how it is read, or ``error`` why it cannot be.
    """

    name: str
    path: Path
    file_name: str
    proposal: Proposal | None = None
    error: CxdashError | None = None

    @property
    def place(self) -> int:
        """Where it stands in the order of loading; files that cannot be read come last."""
        return place_of(self.proposal.kind) if self.proposal else len(KINDS)


@dataclass(frozen=True, slots=True)
class Aside:
    """What lies in an archive beside its tables, and why it is no table."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Brought:
    """The files of the command in the order of loading, and what is left aside."""

    files: Sequence[Arrived]
    aside: Sequence[Aside] = ()


def arrived(
    options: Namespace, mapping: Mapping | None, remembered: Sequence[Remembered], folder: Path
) -> Brought:
    """Every file of the command, those first that are loaded first.

    Archives are unpacked into the folder, which must be empty.

    Raises
    ------
    UsageError
        If an answer names a question no file has, or says what cannot be an answer.
    """
    found: list[Arrived] = []
    aside: list[Aside] = []
    for number, path in enumerate(options.files):
        for one in _unpacked(path, folder / str(number)):
            if isinstance(one, Aside):
                aside.append(one)
            else:
                found.append(one)
    read = [_read(one, options, mapping, remembered) for one in found]
    answered = _answered(read, options.answer, lambda one: _read(one, options, mapping, ()))
    return Brought(sorted(answered, key=lambda one: one.place), aside)


def _unpacked(path: Path, folder: Path) -> list[Arrived | Aside]:
    """The file itself, or what an archive holds."""
    folder.mkdir()
    try:
        inner = intake.unpacked(path, file_name=path.name, into=folder)
    except CxdashError as error:
        return [Arrived(str(path), path, path.name, error=error)]
    return [
        Aside(f"{path}: {one.name}", one.aside)
        if one.aside
        else Arrived(str(path) if one.path == path else f"{path}: {one.name}", one.path, one.name)
        for one in inner
    ]


def _read(
    one: Arrived, options: Namespace, mapping: Mapping | None, remembered: Sequence[Remembered]
) -> Arrived:
    if one.error is not None:
        return one
    try:
        proposal = intake.inspect(
            one.path,
            kind=None if mapping else options.kind,
            sheet=None if mapping else options.sheet,
            mapping=mapping,
            remembered=() if mapping else remembered,
            file_name=one.file_name,
        )
    except CxdashError as error:
        return replace(one, error=error)
    return replace(one, proposal=proposal)


def _answered(
    read: list[Arrived], texts: Sequence[str], anew: Callable[[Arrived], Arrived]
) -> list[Arrived]:
    """Each file with the answers meant for it; one answer may open the question of another.

    An answer that names no file is for the files that ask. A file whose layout is remembered asks
    nothing: where it would have asked, it is read ``anew``, so that a command does the same the
    second time. What no file asks at all is given to those that could take it.
    """
    files, used = _given(read, texts)
    if unused := _unused(texts, used):
        afresh = [anew(one) if one.proposal else one for one in read]
        takes = {at for text, at in _given(afresh, texts)[1] if text in unused}
        if takes:
            files, used = _given(
                [afresh[at] if at in takes else one for at, one in enumerate(read)], texts
            )
    _give(files, _unused(texts, used), used, asked=False)
    if unknown := _unused(texts, used):
        raise _unknown(files, unknown)
    return files


def _given(
    read: Sequence[Arrived], texts: Sequence[str]
) -> tuple[list[Arrived], set[tuple[str, int]]]:
    """The files with the answers to what they ask, and which answer went to which file."""
    files, used = list(read), set[tuple[str, int]]()
    _give(files, texts, used, asked=True)
    return files, used


def _give(
    files: list[Arrived], texts: Sequence[str], used: set[tuple[str, int]], *, asked: bool
) -> None:
    """Give answers until no file takes another; each goes to a file once."""
    alone = len(files) == 1
    while True:
        meant = next(
            (
                (text, at, *found)
                for text in texts
                for at, one in enumerate(files)
                if (text, at) not in used and (found := _meant(one, text, asked=asked, alone=alone))
            ),
            None,
        )
        if meant is None:
            return
        text, at, id_, value = meant
        used.add((text, at))
        files[at] = _with_answer(files[at], id_, value)


def _unused(texts: Sequence[str], used: set[tuple[str, int]]) -> list[str]:
    taken = {text for text, _ in used}
    return [text for text in texts if text not in taken]


def _meant(one: Arrived, text: str, *, asked: bool, alone: bool) -> tuple[str, str] | None:
    """The question of this file the text answers, and the answer; None if it answers none.

    A text is ``ID=VALUE``, or ``FILE:ID=VALUE`` for one of several files; a column named in an id
    may hold an equals sign. With ``asked`` a text that names no file counts only where it was
    asked. What a file holds and how it is laid out, which every file knows an id for, is otherwise
    never taken from such a text unless the file is alone.
    """
    if one.proposal is None:
        return None
    put = {question.id for question in one.proposal.put}
    for name in ("", one.name, one.file_name):
        if name and not text.startswith(f"{name}:"):
            continue
        rest = text.removeprefix(f"{name}:") if name else text
        at = rest.find("=")
        while at > 0:
            id_ = rest[:at].strip()
            free = bool(name) or (not asked and (alone or id_ not in _OF_EVERY_FILE))
            if id_ in put or (free and one.proposal.knows(id_)):
                return id_, rest[at + 1 :]
            at = rest.find("=", at + 1)
    return None


def _with_answer(one: Arrived, id_: str, value: str) -> Arrived:
    proposal = one.proposal.with_answers({id_: value}) if one.proposal else None
    return replace(one, proposal=proposal)


def _unknown(files: Sequence[Arrived], texts: Sequence[str]) -> UsageError:
    """What was mistyped, and what may be answered."""
    asks = [
        f"{one.name}: {listed([question.id for question in one.proposal.put])}"
        for one in files
        if one.proposal and one.proposal.put
    ]
    unread = [one.name for one in files if one.proposal is None]
    do_next = f"Questions asked: {'; '.join(asks)}." if asks else "No file asks anything."
    if len(files) > 1:
        do_next += " FILE:ID=VALUE decides of one file what it does not ask."
    if unread:
        do_next += f" {listed(unread)} cannot be read, so nothing can be answered about it."
    return UsageError(
        f"No file asks about {listed([repr(text.partition('=')[0]) for text in texts])}.",
        state="Nothing was loaded.",
        do_next=do_next,
    )
