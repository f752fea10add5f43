"""What a person has said about each waiting file: kept beside the file, and as long as the file.

A reload, another tab and a server that was started again find it there.
"""

import json
import secrets
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field

from cxdash.errors import DataError, UsageError
from cxdash.faces.web import staging
from cxdash.faces.web.staging import Staged
from cxdash.faces.web.visitor import visitor
from cxdash.intake import Mapping
from cxdash.store.incident import record

__all__ = ["Waiting", "decide", "waiting"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An uploaded file and what the person has said about it so far.

    ``mapping_file`` is the mapping file it is read with; empty when the person wants none, None
    while nobody has decided.
    """

    staged: Staged
    kind: str | None = None
    sheet: str | None = None
    mapping: Mapping | None = None
    answers: Dictionary[str, str] = field(default_factory=dict)
    mapping_file: str | None = None

    @property
    def token(self) -> str:
        return self.staged.token

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has said anything about it."""
        return self == Waiting(self.staged)


def waiting() -> list[Waiting]:
    """The visitor's waiting files, in the order they came, with what was decided about each."""
    return [_as_said(file) for file in staging.listed(visitor().owner)]


def decide(said: Waiting) -> None:
    """Keep what the person says now about a file.

    Raises
    ------
    DataError
        If it cannot be written down; what was said before still counts.
    """
    document = {
        "kind": said.kind,
        "sheet": said.sheet,
        "mapping": said.mapping.to_toml() if said.mapping else None,
        "answers": dict(said.answers),
        "mapping_file": said.mapping_file,
    }
    place = said.staged.said
    fresh = place.with_name(f"{said.token}{secrets.token_hex(4)}.part")
    try:
        fresh.write_text(json.dumps(document), encoding="utf-8")
        fresh.replace(place)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise DataError(
            f"Your answer about {said.staged.name} could not be kept: {error.strerror}.",
            state="The file waits, with the answers you gave before.",
            do_next="Free some space on the disk of the server and answer again.",
        ) from error


def _as_said(file: Staged) -> Waiting:
    try:
        parts = json.loads(file.said.read_text(encoding="utf-8"))
        mapping = Mapping.from_toml(parts["mapping"]) if parts["mapping"] else None
        answers = {str(id_): str(said) for id_, said in parts["answers"].items()}
        return Waiting(file, **{**parts, "mapping": mapping, "answers": answers})
    except FileNotFoundError:
        return Waiting(file)
    except (UsageError, ValueError, LookupError, TypeError, AttributeError) as error:
        # Cut short by a power cut, or written by another cxdash, it means nothing: asked again.
        record(error)
        return Waiting(file)
