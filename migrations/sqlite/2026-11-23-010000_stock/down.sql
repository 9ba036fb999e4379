DROP TABLE letterheads;
DROP INDEX passes_by_handover;
DROP INDEX passes_by_box;
ALTER TABLE passes DROP COLUMN box_id;
DROP TABLE stock_events;
DROP TABLE stock_boxes;
DROP TABLE print_runs;
