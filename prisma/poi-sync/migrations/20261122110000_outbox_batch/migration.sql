-- The batch that the relay is publishing, with the numbers it gave: written before, gone with the mark. What a dead relay
-- leaves here is published first, with the same numbers.
CREATE TABLE outbox_batch (
  the_only   boolean PRIMARY KEY DEFAULT true CHECK (the_only),
  outbox_ids bigint[] NOT NULL,
  partitions integer[] NOT NULL,
  sequences  bigint[] NOT NULL
);
