-- Stretches as a customer: from when to when.
select customer_id, started_on, left_on, notice_on
from panel_spells
