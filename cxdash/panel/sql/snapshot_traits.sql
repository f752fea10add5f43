-- What else a list of customers on one day holds of each of them.
select t.row_key, t.trait, t.content
from traits as t
where t.is_current
