"""A year of work at the demo company, as its people would have written it into the register."""

from cxdash.demo.story.diary import INVENTED, stands, take_out
from cxdash.demo.story.year import enter

__all__ = ["INVENTED", "enter", "stands", "take_out"]
