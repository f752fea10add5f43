"""Keeping the database: copies, room, limits of keeping, erasure, and whether all is well."""

from cxdash.upkeep.backup import Backup, backup, backups
from cxdash.upkeep.compact import Compacted, compact
from cxdash.upkeep.erase import Erased, erase
from cxdash.upkeep.restore import Restored, restore

__all__ = [
    "Backup",
    "Compacted",
    "Erased",
    "Restored",
    "backup",
    "backups",
    "compact",
    "erase",
    "restore",
]
