"""The plainest mapping of a survey, with every decision made; shared by tests of several parts."""

SURVEY = """
kind = "responses"
[columns]
response_id = "id"
customer_id = "customer"
answered_at = "at"
[[scores]]
item = "nps"
column = "nps"
variant = "nps.0-10"
[[comments]]
item = "comment"
column = "comment"
"""
