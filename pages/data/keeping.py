"""Is what we hold safe, and whom may we still hold? Health, backups, erasing, limits, room."""

from cxdash.access import Action
from cxdash.faces.web import (
    keeping_backups,
    keeping_erasure,
    keeping_health,
    keeping_limits,
    words,
)
from cxdash.faces.web.visitor import admit, may

admit("keeping")

looked = keeping_health.look()
words.headline(keeping_health.headline(looked))
keeping_health.findings(looked)
words.section("Backups", "backups")
keeping_backups.backups()
if may(Action.ERASE):
    words.section("Erase one customer", "erase")
    keeping_erasure.erasing()
words.section("How long things are kept", "limits")
keeping_limits.limits()
words.section("Room", "room")
keeping_health.room(looked)
