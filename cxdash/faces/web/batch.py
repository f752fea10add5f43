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
from cxdash.faces.web import mapping_files, reading, state
from cxdash.faces.web.decisions import Waiting, decide, waiting
from cxdash.faces.web.escape import plain
from cxdash.faces.web.reading import Patience
from cxdash.intake import Preview, Proposal, Receipt, Remembered, place_of
from cxdash.intake.kinds import KINDS

__all__ = ["Standing", "read_with", "standings"]

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
    def is_kind_open(self) -> bool:
        """Whether a person must say first what it holds."""
        return self.proposal is not None and self.proposal.is_kind_open

    @property
    def open_count(self) -> int:
        """How many things a person must decide."""
        if self.proposal is None or self.error is not None:
            return 0
        return len(self.proposal.questions) or len(self.proposal.mapping.missing())

    @property
    def may_load(self) -> bool:
        """Whether nothing is open, so that it can be loaded if a person wants it to be.

        What is open is known for certain once the whole file was tried.
        """
        known = self.proposal is not None and self.view is not None and self.error is None
        return known and self.proposal is not None and self.proposal.ready

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
    for at, one in enumerate(found, start=1):
        is_followed = any(_is_other_layout(one, other) for other in found[at:])
        tried.append(_tried(one, tried, patience, is_followed=is_followed))
    return tried


def _is_other_layout(one: Standing, other: Standing) -> bool:
    """Whether two files hold the same kind of rows under other columns."""
    here, there = one.proposal, other.proposal
    return bool(here and there and here.kind == there.kind and here.layout != there.layout)


def read_with(file: Waiting, name: str) -> Waiting:
    """The file read with a mapping file at hand; with none when the name is empty."""
    mapping = mapping_files.at_hand()[name] if name else None
    return Waiting(file.staged, mapping=mapping, mapping_file=name)


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


def _tried(
    one: Standing, before: Sequence[Standing], patience: Patience, *, is_followed: bool
) -> Standing:
    """The file with a preview of it, matched to what is loaded and to what waits ``before`` it.

    ``is_followed``: a file of the same kind and other columns waits after it, so that its rows
    are kept to be compared.
    """
    proposal = one.proposal
    if proposal is None or one.is_kind_open:
        return one
    db, kind = state.database(), proposal.kind
    views = [other.view for other in before if other.view]
    beside = [view.names for view in views if view.names.reach(kind)]
    rows = [view.brings for view in views if view.brings]
    rows = [one for one in rows if one.clash(kind, proposal.header)]

    def tried(told: reading.Told) -> Preview:
        known = intake.known(db, kind, beside, header=proposal.header, waiting=rows)
        return intake.preview(
            proposal, rows=_CELLS, known=known, keep_rows=is_followed, progress=told
        )

    key = (
        proposal.mapping,
        [question.id for question in proposal.questions],
        db.data_version,
        [id(found) for found in (*beside, *rows)],
        is_followed,
    )
    try:
        view = reading.known(f"tried-{one.token}", key, one.waiting.staged.name, tried, patience)
    except CxdashError as error:
        return replace(one, error=error)
    if view is None:
        return one
    met = proposal.meeting(view.met, view.fits)
    return replace(one, view=view, proposal=met, twin=intake.loaded_before(db, met))
