"""Who may use cxdash, and what did they do? People, roles, sign-ins, the audit log."""

from cxdash.faces.web import access, words
from cxdash.faces.web.visitor import admit

admit("access")

words.headline("Who may come in, and what was done, is written down here")
words.section("People", "people")
access.people_table()
words.section("Who is signed in", "sign-ins")
access.sign_ins()
words.section("What was done", "audit")
access.log()
