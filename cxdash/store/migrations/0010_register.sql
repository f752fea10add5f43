-- What people enter: goals, plans, cases, claims, promises. Append only; nothing that is imported or undone
-- touches it. A version holds the whole entry as canonical JSON, and the digest of kind and fields.
CREATE TABLE register_versions (
  entry_kind VARCHAR NOT NULL,         -- goal | pilot_plan | case | ...
  entry_id VARCHAR NOT NULL,           -- goal-3
  version INTEGER NOT NULL,            -- counts from 1 for each entry
  what VARCHAR NOT NULL,               -- entered | changed | frozen | removed
  entered_at TIMESTAMP NOT NULL,       -- UTC
  entered_by VARCHAR NOT NULL,
  fields VARCHAR NOT NULL,
  digest VARCHAR NOT NULL,
  redacted BOOLEAN NOT NULL            -- an erased customer was taken out of the fields afterwards
);
