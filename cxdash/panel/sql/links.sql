-- Another name of a customer -> the customer. A name two customers share resolves to nobody.
select alias, min(customer_id) as customer_id
from customer_keys
where is_current
group by alias
having count(distinct customer_id) = 1
