"""Who was erased, known only by salted hashes: how a file that brings them again is recognised."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import duckdb

from cxdash.errors import StoreError
from cxdash.store.place import Place

__all__ = ["REASON", "Hash", "any_erased", "digest_of", "erased", "keep", "kept", "remember"]

#: What a receipt says of a row that names a customer who was erased.
REASON: Final = "this customer was erased on request"
What = Literal["customer", "order"]
_KINDS: Final[dict[What, str]] = {"customer": "what = 'customer'", "order": "what = 'order'"}
_SALT: Final = "(SELECT value FROM store_info WHERE name = 'erasure_salt')"


def any_erased(cur: duckdb.DuckDBPyConnection) -> bool:
    """Whether anybody has ever been erased."""
    return bool(cur.execute("SELECT 1 FROM erased LIMIT 1").fetchall())


def erased(name: str, what: What = "customer") -> str:
    """A condition in SQL: whether the text ``name`` stands for a customer, or an order of one, that
    was erased. False for NULL.

    ``name`` is an expression in SQL that we composed, never a value.
    """
    return f"coalesce({digest_of(name)} IN (SELECT digest FROM erased WHERE {_KINDS[what]}), false)"


def remember(
    cur: duckdb.DuckDBPyConnection, names: Iterable[str], what: What, erasure: int
) -> None:
    """Write the hashes of erased names down, so that an import refuses their rows."""
    day = datetime.now(UTC).date()
    for name in names:
        cur.execute(
            f"INSERT INTO erased SELECT {digest_of('$name')}, $what, $erasure, $day",
            {"name": name, "what": what, "erasure": erasure, "day": day},
        )


@dataclass(frozen=True, slots=True)
class Hash:
    """One erased name. ``erasure`` counts the customers erased; ``money`` says whether what the
    customer paid was deleted as well.
    """

    digest: str
    what: str
    erasure: int
    erased_on: str
    money: bool


def keep(place: Place, hashes: Iterable[Hash]) -> None:
    """Write hashes to the file beside the database, where no old backup can undo them."""
    lines = "".join(f"{json.dumps(asdict(entry))}\n" for entry in hashes)
    with open(place.erased, "a", encoding="utf-8", opener=_private) as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def kept(place: Place) -> list[Hash]:
    """The hashes in that file.

    Raises
    ------
    StoreError
        The file cannot be read.
    """
    if not place.erased.exists():
        return []
    try:
        lines = place.erased.read_text(encoding="utf-8").splitlines()
        return [Hash(**json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(
            f"The list of erased customers {place.erased} cannot be read.",
            state="Nothing was changed.",
            do_next="Restore that file from the folder's own backup; without it nobody can say "
            "whom an older copy of the database would bring back.",
        ) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def digest_of(name: str) -> str:
    """The salted hash of a name, in SQL."""
    return f"sha256({_SALT} || ':' || trim({name}))"
