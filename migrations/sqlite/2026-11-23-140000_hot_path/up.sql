-- The slots of a line of replacements find its standing redemptions; these find the undone ones.
DROP INDEX redemptions_by_day;
CREATE INDEX redemptions_undone ON redemptions (origin_id) WHERE reversed;
