-- Events numbered without gaps, so that a loss is seen; consumer groups that can be rebuilt.

-- The next number in each partition of a topic: the relay numbers what it publishes, without gaps.
CREATE TABLE outbox_sequence (
  topic     text NOT NULL,
  partition integer NOT NULL,
  next      bigint NOT NULL,
  PRIMARY KEY (topic, partition)
);
-- For repeats and audits, which go by number.
CREATE INDEX outbox_numbered ON outbox (topic, partition, sequence) WHERE published_at IS NOT NULL;

-- Which numbers of a source a consumer group was given: all from its first to the highest, but for the missing ones.
CREATE TABLE inbox_sequence (
  consumer_group text NOT NULL,
  source         text NOT NULL,
  topic          text NOT NULL,
  partition      integer NOT NULL,
  highest        bigint NOT NULL,
  -- When the event of that number was appended to the log.
  appended_at    timestamptz NOT NULL,
  missing        int8multirange NOT NULL DEFAULT '{}',
  -- How often, and when last, the source was asked to repeat what is missing; null if there is something new to ask for.
  asks           integer NOT NULL DEFAULT 0,
  asked_at       timestamptz,
  PRIMARY KEY (consumer_group, source, topic, partition)
);

-- The consumer groups of the service, as its running version declares them.
CREATE TABLE consumer_group (
  name        text PRIMARY KEY,
  topics      text[] NOT NULL,
  -- Whether its events may be handled again, from the beginning of the log.
  rebuildable boolean NOT NULL,
  -- Until then the group rests: its place in the log is being moved.
  held_until  timestamptz
);
