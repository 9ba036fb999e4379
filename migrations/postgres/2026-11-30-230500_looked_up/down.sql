ALTER TABLE look_ups DROP COLUMN person;
