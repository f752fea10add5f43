-- Days on which a customer bought something.
select customer_id, dated as bought_on from panel_money
where customer_id is not null and dated is not null and amount_paid > 0
union
select customer_id, ordered_on as bought_on from panel_purchases
where customer_id is not null and ordered_on is not null
