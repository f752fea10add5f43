"""Keeping the database: copies, room, limits of keeping, erasure, and whether all is well."""

from cxdash.upkeep.backup import Backup, backup, backups
from cxdash.upkeep.compact import Compacted, Room, compact, room
from cxdash.upkeep.doctor import Diagnosis, accept, doctor, examined
from cxdash.upkeep.erase import Erased, erase
from cxdash.upkeep.finding import Finding
from cxdash.upkeep.notices import begin, erasures, notices, still_holding, told_loss
from cxdash.upkeep.restore import Restored, restore
from cxdash.upkeep.retention import Policy, Retained, policy, retain, set_policy
from cxdash.upkeep.work import start, under_way

__all__ = [
    "Backup",
    "Compacted",
    "Diagnosis",
    "Erased",
    "Finding",
    "Policy",
    "Restored",
    "Retained",
    "Room",
    "accept",
    "backup",
    "backups",
    "begin",
    "compact",
    "doctor",
    "erase",
    "erasures",
    "examined",
    "notices",
    "policy",
    "restore",
    "retain",
    "room",
    "set_policy",
    "start",
    "still_holding",
    "told_loss",
    "under_way",
]
