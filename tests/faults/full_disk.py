"""Run as a program on a small disk: fill it while something is written, and say what came of it.

``python full_disk.py FOLDER KIND`` with KIND ``disk`` (FOLDER is a file system of its own) or
``limit`` (no file may grow beyond a size). Prints one JSON document.
"""

import json
import os
import resource
import shutil
import sys
from pathlib import Path

from filled_store import filled, held, load

from cxdash import upkeep
from cxdash.errors import StoreFull
from cxdash.store import Database, space

BIG = 700_000  # rows that take more than is left
MARGIN = 1 << 20


class Ballast:
    """Takes all room but ``left`` bytes, until it is thrown off."""

    def __init__(self, folder, kind, place):
        self.folder, self.kind, self.place = folder, kind, place
        self.file = folder / "ballast"

    def load(self, left):
        if self.kind == "limit":
            largest = max(path.stat().st_size for path in self.folder.iterdir() if path.is_file())
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest + left, resource.RLIM_INFINITY))
            return
        free = shutil.disk_usage(self.folder).free
        with self.file.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(free - left, 1))

    def off(self):
        if self.kind == "limit":
            resource.setrlimit(
                resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            )
        self.file.unlink(missing_ok=True)


def refused(work):
    """The sentence with which the work ends on a full disk; empty if it did not."""
    try:
        work()
    except StoreFull as error:
        return error.what if error.state and error.do_next else "no advice"
    return ""


def derive(db):
    """What a fit of a model does to the database: large derived tables."""
    with db.deriving() as cur:
        cur.execute(
            "CREATE OR REPLACE TABLE panel_fit AS SELECT n, md5(CAST(n AS VARCHAR)) AS h, "
            f"md5(CAST(n + 1 AS VARCHAR)) AS i FROM range({BIG}) AS r(n)"
        )


def main(folder, kind):
    space.MARGIN = MARGIN  # a small disk leaves nothing over
    db = filled(folder / "company.duckdb", rows=3_000)
    db.close()
    db = Database(folder / "company.duckdb")
    before, small = held(db), space.size(db.place)
    ballast = Ballast(folder, kind, db.place)
    told = {}
    for name, work in (
        ("import", lambda: load(db, "revenue", BIG)),
        ("model fit", lambda: derive(db)),
    ):
        ballast.load(9 << 20)
        told[name] = refused(work)
        assert held(db) == before, name
        ballast.off()
        load(db, "customers", 1)
        with db.writing() as cur:  # the next import works; back to the numbers of before
            cur.execute("DELETE FROM customers WHERE import_id > 3")
            cur.execute("DELETE FROM raw_rows WHERE import_id > 3")
            cur.execute("DELETE FROM imports WHERE import_id > 3")
        before = held(db)
    if kind == "disk":
        ballast.load(1 << 20)
        told["export"] = refused(lambda: upkeep.backup(db))
        assert held(db) == before
    swollen = space.size(db.place)
    db.close()
    ballast.off()
    with Database(folder / "company.duckdb") as again:
        assert held(again) == before
        compacted = upkeep.compact(again)
        assert held(again) == before
        load(again, "revenue", 500)
    print(json.dumps({"told": told, "small": small, "swollen": swollen, "after": compacted.after}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
