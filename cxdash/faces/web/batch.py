"""The files that wait, as a whole: what each seems to be, what it still asks, which can be loaded.

Files that say who the customers are come first, and the others are matched to them before anything
is loaded.
"""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cxdash import intake
from cxdash.errors import CxdashError
from cxdash.faces.web import mapping_files, reading, state, tables
from cxdash.faces.web.decisions import Waiting, decide, waiting
from cxdash.faces.web.escape import plain
from cxdash.faces.web.reading import Patience
from cxdash.facts.format import count, counted, listed, month, number
from cxdash.intake import Names, Preview, Proposal, Receipt, Remembered, place_of
from cxdash.intake.kinds import KINDS

__all__ = ["Standing", "overview", "read_with", "standings", "told", "too_early"]

# Answers that change how the bytes are cut into rows, so that the file has to be read again.
_REREAD: Final = frozenset({"encoding", "header_row", "sheet", "fixed_width", "no_header"})
_CELLS: Final = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """How a waiting file stands. Without proposal and error it is still being read.

    ``view`` is what it would become if it were loaded as proposed; ``brought`` names mapping files
    that came along and fit, where a person must choose one; ``twin`` is the import in force of the
    same bytes, read alike.
    """

    waiting: Waiting
    proposal: Proposal | None = None
    view: Preview | None = None
    error: CxdashError | None = None
    brought: Sequence[str] = ()
    twin: Receipt | None = None

    @property
    def token(self) -> str:
        return self.waiting.token

    @property
    def name(self) -> str:
        return plain(self.waiting.staged.name, 120)

    @property
    def open_count(self) -> int:
        """How many things a person must decide."""
        if self.proposal is None or self.error is not None:
            return 0
        return len(self.proposal.questions) or len(self.proposal.mapping.missing())

    @property
    def may_load(self) -> bool:
        """Whether nothing is open, so that it can be loaded if a person wants it to be."""
        return self.proposal is not None and self.error is None and self.proposal.ready

    @property
    def is_ready(self) -> bool:
        """Whether it can be loaded, and that would add something."""
        return self.may_load and self.twin is None


def standings() -> list[Standing]:
    """Every waiting file, those first that are loaded first."""
    patience = Patience()
    files = waiting()
    reading.keep_only([f"{use}-{file.token}" for file in files for use in ("read", "tried")])
    layouts = {one.layout: one for one in intake.remembered(state.database())} if files else {}
    found = [_proposed(file, layouts, patience) for file in files]
    found.sort(key=lambda one: place_of(one.proposal.kind) if one.proposal else len(KINDS))
    tried: list[Standing] = []
    names: dict[str, Names] = {}
    for one in found:
        seen = _tried(one, names, patience)
        if seen.view is not None:
            names[one.token] = seen.view.names
        tried.append(seen)
    return tried


def read_with(file: Waiting, name: str) -> Waiting:
    """The file read with a mapping file at hand; with none when the name is empty."""
    mapping = mapping_files.at_hand()[name] if name else None
    return Waiting(file.staged, mapping=mapping, mapping_file=name)


def told(files: Sequence[Standing]) -> str:
    """The state of the batch as a headline.

    >>> told([])
    'Load your exports; every row gets an answer'
    """
    if not files:
        return "Load your exports; every row gets an answer"
    if len(files) == 1:
        return _told_of(files[0])
    ready = sum(one.is_ready for one in files)
    before = sum(one.may_load and one.twin is not None for one in files)
    asks = sum(one.open_count > 0 for one in files)
    refused = sum(one.error is not None for one in files)
    others = [
        (number, one if number == 1 else many)
        for number, one, many in (
            (asks, "asks something first", "ask something first"),
            (before, "is loaded already", "are loaded already"),
            (refused, "cannot be read", "cannot be read"),
            (len(files) - ready - before - asks - refused, "is being read", "are being read"),
        )
        if number
    ]
    if not ready:
        return listed([f"{counted(number, 'file', 'files')} {what}" for number, what in others])
    state = f"{counted(ready, 'file is', 'files are')} ready to be loaded"
    rest = [f"{count(number)} {what}" for number, what in others]
    return f"{state}. Of the others {listed(rest)}." if rest else state


def _told_of(one: Standing) -> str:
    if one.error is not None:
        return f"{one.name} cannot be read"
    if one.proposal is None:
        return f"{one.name} is being read"
    if one.open_count:
        things = counted(one.open_count, "thing", "things")
        return f"{one.name} asks {things} before it can be loaded"
    if one.twin is not None:
        return f"{one.name} is loaded already, as import {one.twin.import_id}"
    return f"{one.name} is ready to be loaded"


def too_early(files: Sequence[Standing]) -> str:
    """What to know before loading those that are ready, while one that goes before them is not."""
    ready = [one.view.kind for one in files if one.is_ready and one.view]
    missing = [
        one.name
        for one in files
        if one.open_count and one.view and any(one.view.names.reach(kind) for kind in ready)
    ]
    if not missing:
        return ""
    return (
        f"Better decide about {listed(missing)} first: the receipts of the files loaded after that "
        "say how many customers are known. Figures do not depend on the order."
    )


def overview(files: Sequence[Standing]) -> None:
    """One row a file: what it is, its rows and days, how much is known, what it asks."""
    tables.text_table(
        ["File", "Holds", "Rows", "Days", "Known", "State"],
        [[f"{at}. {one.name}", *_row(one)] for at, one in enumerate(files, start=1)],
        right=[False, False, True, False, True],
        key="batch",
    )


def _row(one: Standing) -> list[str]:
    if one.error is not None:
        return ["", "", "", "", "cannot be read"]
    if one.proposal is None:
        return ["", "", "", "", "being read"]
    view = one.view
    days = known = ""
    if view is not None and view.first_day and view.last_day:
        first, last = month(view.first_day), month(view.last_day)
        days = first if first == last else f"{first} to {last}"
    if view is not None and view.match is not None and view.match.comparable:
        known = number(view.match.share, "share")
    kind = "" if _is_kind_open(one.proposal) else KINDS[one.proposal.kind].title
    return [kind, count(one.proposal.rows), days, known, _state(one)]


def _state(one: Standing) -> str:
    if one.open_count:
        return f"{count(one.open_count)} to decide"
    if one.twin is not None:
        return f"loaded already (import {one.twin.import_id})"
    if one.view is not None and one.view.refused:
        return f"ready; {counted(one.view.refused, 'row', 'rows')} rejected"
    return "ready"


def _is_kind_open(proposal: Proposal) -> bool:
    return any(question.id == "kind" for question in proposal.questions)


def _proposed(file: Waiting, seen: Dictionary[str, Remembered], patience: Patience) -> Standing:
    """The file with its proposal, once it is read; ``seen`` are the layouts of loaded files."""
    again = {id_: text for id_, text in file.answers.items() if id_ in _REREAD}

    def read(_: reading.Told) -> tuple[Proposal, Remembered | None]:
        made = intake.inspect(
            file.staged.path,
            kind=file.kind,
            sheet=file.sheet,
            mapping=file.mapping,
            remembered=list(seen.values()),
            file_name=file.staged.name,
        )
        return made.with_answers(again) if again else made, seen.get(made.layout)

    slot, title = f"read-{file.token}", file.staged.name
    key = (file.kind, file.sheet, file.mapping, again)
    try:
        found = reading.known(slot, key, title, read, patience)
        if found is not None and seen.get(found[0].layout) != found[1]:
            # A file of the same layout was loaded meanwhile, and its mapping is remembered.
            reading.forget(slot)
            found = reading.known(slot, key, title, read, patience)
        if found is None:
            return Standing(file)
        made = found[0]
        brought = mapping_files.fitting(made) if file.is_untouched else []
        if len(brought) == 1:
            chosen = read_with(file, brought[0])
            decide(chosen)
            return _proposed(chosen, seen, patience)
        proposal = made.with_answers(file.answers) if file.answers else made
    except CxdashError as error:
        return Standing(file, error=error)
    return Standing(file, proposal, brought=brought)


def _tried(one: Standing, names: dict[str, Names], patience: Patience) -> Standing:
    """The file with a preview of it, matched to what is loaded and to what waits before it."""
    proposal = one.proposal
    if proposal is None or _is_kind_open(proposal):
        return one
    db, kind = state.database(), proposal.kind
    beside = {token: found for token, found in names.items() if found.reach(kind)}

    def tried(told: reading.Told) -> Preview:
        known = intake.known(db, kind, list(beside.values()), header=proposal.header)
        return intake.preview(proposal, rows=_CELLS, known=known, progress=told)

    key = (
        proposal.mapping,
        [question.id for question in proposal.questions],
        db.data_version,
        {token: id(found) for token, found in beside.items()},
    )
    try:
        view = reading.known(f"tried-{one.token}", key, one.waiting.staged.name, tried, patience)
    except CxdashError as error:
        return replace(one, error=error)
    if view is None:
        return one
    met = proposal.meeting(view.met)
    return replace(one, view=view, proposal=met, twin=intake.loaded_before(db, met))
