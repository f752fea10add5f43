-- Customers who were erased: only hashes of their names, so that a file that brings them again can be
-- recognised and nobody can read from it who they were. The salt lies in store_info.
CREATE TABLE erased (
  digest VARCHAR NOT NULL,             -- see cxdash/store/erasure.py
  what VARCHAR NOT NULL,               -- customer | order
  erasure INTEGER NOT NULL,            -- counts the customers erased
  erased_on DATE NOT NULL
);
