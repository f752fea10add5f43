"""The plainest mappings, with every decision made; shared by tests of several parts."""

ANSWERS = """
kind = "responses"
[columns]
response_id = "id"
customer_id = "customer"
answered_at = "at"
[[scores]]
item = "nps"
column = "nps"
variant = "nps.0-10"
"""
SURVEY = f"""{ANSWERS}
[[comments]]
item = "comment"
column = "comment"
"""
REVENUE = """
kind = "revenue"
key = ["invoice"]
[columns]
customer_id = "customer"
dated = "at"
amount = "amount"
currency = "currency"
[constants]
revenue_kind = "recurring"
"""
