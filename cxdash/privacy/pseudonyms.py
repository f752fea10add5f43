"""Customers under another name: always the same one, and nobody without the key can take it back.

A pseudonym is an HMAC of the customer number. Its key lies in a file of its own beside the
database, readable by its owner alone, so that neither the database nor an export tells who is who.
Who loses the key gets new pseudonyms; nothing else depends on it.
"""

import hmac
import os
import secrets
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from cxdash.errors import StoreError

__all__ = ["KEY_FILE", "Pseudonyms"]

KEY_FILE: Final = ".pseudonyms.key"
_BYTES: Final = 32
_DIGITS: Final = 10  # 50 bits: two of a million customers share a name in one case of two thousand
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without letters that are read as figures


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Gives each customer number its pseudonym; ``key`` is secret."""

    key: bytes

    def __repr__(self) -> str:
        """Nothing of the key: an error or a log may print it."""
        return "Pseudonyms(key=<secret>)"

    @classmethod
    def beside(cls, database: Path) -> Self:
        """The pseudonyms of a database: with the key beside it, which is made if there is none.

        Raises
        ------
        StoreError
            The key cannot be read or written, is no key, or others may read it.
        """
        path = database.with_name(f"{database.name}{KEY_FILE}")
        try:
            key = _made(path) or path.read_bytes()
            open_to_others = path.stat().st_mode & 0o077
        except OSError as error:
            raise StoreError(
                f"The key of the pseudonyms, {path}, cannot be read or made: {error.strerror}.",
                state="No customer was shown.",
                do_next="Give the user who runs cxdash the right to read and write this folder.",
            ) from error
        if len(key) != _BYTES or open_to_others:
            raise StoreError(
                f"The key of the pseudonyms, {path}, is "
                f"{'readable by others' if len(key) == _BYTES else 'no key'}.",
                state="No customer was shown.",
                do_next=f"Set its rights with `chmod 600 {path}`."
                if len(key) == _BYTES
                else "Restore it, or delete it: cxdash then makes another one, and new pseudonyms.",
            )
        return cls(key)

    def of(self, customer: str) -> str:
        """The pseudonym of a customer number, for example ``Customer 7Q2F-8M1K-0D``."""
        number = int.from_bytes(hmac.new(self.key, customer.encode(), sha256).digest())
        letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_DIGITS))
        return f"Customer {letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _made(path: Path) -> bytes | None:
    """A new key, written for its owner alone; None if there is one already.

    It appears under its name only once it is whole: somebody else may look for it at this moment,
    and this process may end at any.
    """
    if path.exists():
        return None
    key = secrets.token_bytes(_BYTES)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        return None
    finally:
        Path(name).unlink()
    return key
