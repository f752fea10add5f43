-- When an order was promised to arrive and when it did: what happened to a customer, apart from what
-- the customer said of it.
ALTER TABLE orders ADD COLUMN promised_at TIMESTAMP;
ALTER TABLE orders ADD COLUMN delivered_at TIMESTAMP;
