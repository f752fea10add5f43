"""The year from the first goal to the decision that is asked for now."""

from cxdash.demo.story.aims import aims
from cxdash.demo.story.diary import Diary, stands
from cxdash.demo.story.ground import ground
from cxdash.demo.story.returns import returns
from cxdash.demo.story.trying import trying
from cxdash.demo.story.watching import watching
from cxdash.store import Database

__all__ = ["enter"]


def enter(db: Database) -> None:
    """Enter the whole year in one transaction; nothing where made-up entries stand already."""
    if stands(db):
        return
    of = ground(db)
    with db.writing(entering=True) as cur:
        diary = Diary(cur)
        wanted = aims(diary, of)
        tried = trying(diary, of, wanted)
        returns(diary, of, wanted, tried)
        watching(diary, of, wanted)
