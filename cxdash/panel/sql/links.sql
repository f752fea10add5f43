-- Another name of a customer -> the customer. A name two customers share, or that is itself the number
-- of a customer, resolves to nobody else.
select alias, min(customer_id) as customer_id
from customer_keys
where is_current
  and alias not in (select customer_id from customers where is_current)
group by alias
having count(distinct customer_id) = 1
