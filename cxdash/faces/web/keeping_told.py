"""What erasing a customer would take, or took, in words: rows, copies, and what is out of reach."""

from typing import Final

from cxdash.access import audit
from cxdash.faces.web import signin
from cxdash.faces.web.keeping_backups import where
from cxdash.facts.format import count, counted
from cxdash.upkeep import Erased

__all__ = ["TABLES", "copies", "left", "lines", "notes", "taken_out", "total", "whole"]

_DELETED: Final = "deleted"
_KEPT: Final = "amount and day stay under a random name that leads nowhere, so that totals stay"
TABLES: Final = {
    "customers": "The customer's own line",
    "customer_keys": "Other names of the customer",
    "responses": "Survey answers",
    "scores": "Ratings in them",
    "comments": "Comments in them",
    "choices": "Ticked choices in them",
    "invitations": "Invitations to surveys",
    "contacts": "Contacts and tickets",
    "pilot_roster": "Places in a pilot",
    "subscriptions": "Subscriptions",
    "revenue": "Invoices and payments",
    "orders": "Orders",
    "snapshots": "Lines of lists without dates",
    "traits": "Columns of those lists",
}


def left(done: Erased) -> list[str]:
    """About copies, after the deed."""
    said = []
    if done.rewritten:
        backups = counted(done.rewritten, "backup was", "backups were")
        said.append(f"{backups} written anew without the customer.")
    if done.removed:
        aside = counted(done.removed, "copy set aside was", "copies set aside were")
        said.append(f"{aside} removed.")
    if done.holding:
        one = len(done.holding) == 1
        said.append(
            f"{counted(len(done.holding), 'copy still holds', 'copies still hold')} the customer: "
            f"{where(list(done.holding))}. To take the customer out of {'it' if one else 'them'}, "
            "erase the same customer once more with the box for backups ticked. Or make a new "
            f"backup above and remove the older {'file' if one else 'files'} by hand. Restoring "
            f"{'it' if one else 'one'} erases the customer again."
        )
    else:
        said.append("No backup or copy that cxdash knows of holds the customer.")
    return said


def total(found: Erased) -> str:
    """What would go, in one sentence."""
    if not found.forgotten.rows:
        return "No row names this customer any more; what is left are copies and files."
    rows = sum(found.forgotten.deleted.values())
    kept = sum(found.forgotten.anonymised.values())
    more = f", {counted(kept, 'amount', 'amounts')} would become nobody's" if kept else ""
    return f"{counted(rows, 'row', 'rows')} would be deleted{more}."


def whole(done: Erased) -> str:
    """What was done, in one sentence."""
    rows = sum(done.forgotten.deleted.values())
    kept = sum(done.forgotten.anonymised.values())
    said = []
    if done.forgotten.rows:
        said.append(f"{counted(rows, 'row', 'rows')} deleted")
    if kept:
        said.append(f"{counted(kept, 'amount', 'amounts')} left that are nobody's")
    if done.forgotten.rows:
        emptied = counted(done.forgotten.raw_rows, "loaded line", "loaded lines")
        said.append(f"{emptied} emptied")
    if done.forgotten.entries:
        entries = counted(done.forgotten.entries, "entry", "entries")
        said.append(f"the name taken out of {entries}")
    if done.files:
        said.append(f"{counted(len(done.files), 'upload or log', 'uploads or logs')} removed")
    if not said:
        return "No row named the customer any more."
    return f"The customer is erased: {', '.join(said)}."


def lines(found: Erased) -> list[list[str]]:
    """What is held of the customer, how many rows, and what would happen to them."""
    held = found.forgotten
    order = list(TABLES)
    deleted = sorted(held.deleted.items(), key=lambda one: order.index(one[0]))
    rows_of = [(name, rows, _DELETED) for name, rows in deleted]
    rows_of += [(name, rows, _KEPT) for name, rows in held.anonymised.items()]
    told = [[TABLES[name], count(rows), fate] for name, rows, fate in rows_of]
    if held.raw_rows:
        emptied = "emptied; the line still counts, so that its import adds up"
        told.append(["Lines of loaded files", count(held.raw_rows), emptied])
    if held.entries:
        told.append(["Entries of people", count(held.entries), "the name is taken out of them"])
    if found.files:
        told.append(["Waiting uploads and logs", count(len(found.files)), "removed as a whole"])
    return told


def notes(found: Erased) -> list[str]:
    """What stays although it has to do with the customer."""
    said = []
    if found.shared:
        said.append(
            f"{counted(found.shared, 'other name belongs', 'other names belong')} to somebody else "
            "too; rows under such a name stay."
        )
    if found.unsearched:
        one = len(found.unsearched) == 1
        said.append(
            f"{counted(len(found.unsearched), 'upload that waits', 'uploads that wait')} could not "
            f"be looked into, because of how {'it is' if one else 'they are'} packed. Load or "
            f"discard {'it' if one else 'them'} on the page Import; a file that waits for a day is "
            "removed then."
        )
    if found.forgotten.mentions:
        said.append(
            f"{counted(found.forgotten.mentions, 'comment', 'comments')} of other customers "
            "mention this one. They are left; read them and decide."
        )
    return said


def copies(found: Erased, *, backups: bool) -> str:
    """About copies, before the deed."""
    holding = found.holding
    if not holding:
        return "No backup or copy that cxdash knows of holds the customer."
    told = f"{counted(len(holding), 'backup or copy holds', 'backups or copies hold')} the customer"
    if backups:
        return f"{told}: backups are written anew without the customer, other copies are removed."
    return (
        f"{told} and would go on doing so: {where(list(holding))}. To clean them too, leave this "
        "and tick the box for backups."
    )


def taken_out() -> str:
    """Files people took along are beyond our reach; the audit log knows of them."""
    taken = [one for one in audit.entries(signin.book()) if one.action == "EXPORT"]
    if not taken:
        return "Nobody took a file out of cxdash so far, as the audit log says."
    people = len({one.actor for one in taken})
    return (
        f"{counted(len(taken), 'file was', 'files were')} taken out of cxdash by "
        f"{counted(people, 'person', 'people')}, as the audit log on the page Access says. A list "
        "of customers among them may hold this one: have it deleted where it lies."
    )
