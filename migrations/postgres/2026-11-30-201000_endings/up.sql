-- What was scanned in a count and is no pass of the box was kept as it was sent: codes.
UPDATE idempotency_keys
SET answer = substr(answer, 1, strpos(answer, '"foreign":[') - 1) || '"foreign":[]}}'
WHERE answer LIKE '{"Done":{"box":%"foreign":["%';
CREATE INDEX idempotency_keys_by_age ON idempotency_keys USING brin (created_at);
