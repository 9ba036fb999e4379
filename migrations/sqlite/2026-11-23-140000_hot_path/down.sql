DROP INDEX redemptions_undone;
CREATE INDEX redemptions_by_day ON redemptions (origin_id, workshop_day);
