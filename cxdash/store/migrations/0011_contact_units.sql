-- Which team, desk or shop dealt with a contact, where the export says so: how much work came to whom.
ALTER TABLE contacts ADD COLUMN unit VARCHAR;
