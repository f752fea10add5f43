"""Pseudonyms: always the same, never the number, and only with a key that lies apart."""

import os
import stat

import pytest

from cxdash.errors import StoreError
from cxdash.privacy import Pseudonyms


def test_a_customer_has_the_same_pseudonym_after_every_restart(tmp_path):
    first = Pseudonyms.beside(tmp_path / "cx.duckdb")
    again = Pseudonyms.beside(tmp_path / "cx.duckdb")
    assert first.of("010001") == again.of("010001")
    assert first.of("010001") != first.of("010002")
    assert "010001" not in first.of("010001")


def test_without_the_key_nothing_can_be_joined_back(tmp_path):
    one, other = (Pseudonyms.beside(tmp_path / name) for name in ("a.duckdb", "b.duckdb"))
    assert one.of("010001") != other.of("010001")


def test_a_hundred_thousand_customers_share_no_pseudonym():
    names = Pseudonyms(b"k" * 32)
    assert len({names.of(str(number)) for number in range(100_000)}) == 100_000


def test_the_key_is_its_owner_s_alone_and_never_printed(tmp_path):
    names = Pseudonyms.beside(tmp_path / "cx.duckdb")
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == names.key
    assert names.key.hex() not in repr(names)
    assert repr(names.key) not in f"{names!r} {names}"


def test_a_key_others_can_read_is_refused(tmp_path):
    Pseudonyms.beside(tmp_path / "cx.duckdb")
    (file,) = tmp_path.iterdir()
    file.chmod(0o644)
    with pytest.raises(StoreError, match="readable by others"):
        Pseudonyms.beside(tmp_path / "cx.duckdb")


def test_a_damaged_key_is_refused(tmp_path):
    Pseudonyms.beside(tmp_path / "cx.duckdb")
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"short")
    with pytest.raises(StoreError, match="is no key"):
        Pseudonyms.beside(tmp_path / "cx.duckdb")


def test_who_comes_while_a_key_is_written_makes_the_key_that_counts_for_both(tmp_path, monkeypatch):
    path, really, quick = tmp_path / "cx.duckdb", os.fsync, []

    def meanwhile(handle):
        monkeypatch.setattr(os, "fsync", really)
        quick.append(Pseudonyms.beside(path))
        really(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    late = Pseudonyms.beside(path)
    assert quick == [late] == [Pseudonyms.beside(path)]
    assert len(list(tmp_path.iterdir())) == 1
