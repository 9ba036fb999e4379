DROP TABLE closing_statement_signatures;
DROP TABLE closing_statement_lines;
DROP TABLE closing_statements;
ALTER TABLE programmes DROP COLUMN handovers_stopped_by;
ALTER TABLE programmes DROP COLUMN handovers_stopped_at;
