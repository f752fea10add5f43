"""What did people enter? Every kind of entry, its history, and all of it as files."""

from cxdash.faces.web import entered, words
from cxdash.faces.web.visitor import admit

admit("register")

words.headline(entered.headline())
entered.kinds()
words.section("What was changed last", "entered-history")
entered.newest()
words.section("Bring tables in", "entered-files")
entered.files()
