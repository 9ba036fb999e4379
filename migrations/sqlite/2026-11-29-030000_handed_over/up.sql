-- The operator's list of passes, the latest handover first.
CREATE INDEX passes_handed_over ON passes (handed_over_at, id) WHERE handed_over_at IS NOT NULL;
