-- The messaging tables that every service has in its own database: copied unchanged into its first migration.

-- Events that were committed with the state they tell of, and wait for the relay (or were published a while ago).
CREATE TABLE outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id     uuid NOT NULL UNIQUE,
  topic        text NOT NULL,
  key          text NOT NULL,
  headers      jsonb NOT NULL,
  payload      text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  -- Where it lies, by its number without gaps in the partition of the topic: noted when it is published.
  partition    integer,
  sequence     bigint
);
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_published_at ON outbox (published_at) WHERE published_at IS NOT NULL;

-- Events that a consumer group has handled: what is here is never handled again.
CREATE TABLE inbox (
  consumer_group text NOT NULL,
  event_id       uuid NOT NULL,
  received_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer_group, event_id)
);
CREATE INDEX inbox_received_at ON inbox USING brin (received_at);

-- Events that failed in a consumer group, by their place in the log; given up once `dead_lettered_at` is set.
CREATE TABLE inbox_failure (
  consumer_group   text NOT NULL,
  topic            text NOT NULL,
  partition        integer NOT NULL,
  position         text NOT NULL,
  event_id         uuid,
  event_type       text,
  attempts         integer NOT NULL,
  last_error       text NOT NULL,
  first_failed_at  timestamptz NOT NULL DEFAULT now(),
  last_failed_at   timestamptz NOT NULL DEFAULT now(),
  dead_lettered_at timestamptz,
  PRIMARY KEY (consumer_group, topic, partition, position)
);

-- What a consumer group has begun and not finished: attempts left over by a dead process betray the event that kills it.
CREATE TABLE consumer_progress (
  consumer_group text NOT NULL,
  topic          text NOT NULL,
  partition      integer NOT NULL,
  position       text NOT NULL,
  attempts       integer NOT NULL,
  started_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer_group, topic, partition)
);

-- The next number in each partition of a topic: the relay numbers what it publishes, without gaps.
CREATE TABLE outbox_sequence (
  topic     text NOT NULL,
  partition integer NOT NULL,
  next      bigint NOT NULL,
  PRIMARY KEY (topic, partition)
);
-- For repeats and audits, which go by number.
CREATE INDEX outbox_numbered ON outbox (topic, partition, sequence) WHERE published_at IS NOT NULL;

-- The batch that the relay is publishing, with the numbers it gave: written before, gone with the mark. What a dead relay
-- leaves here is published first, with the same numbers.
CREATE TABLE outbox_batch (
  the_only   boolean PRIMARY KEY DEFAULT true CHECK (the_only),
  outbox_ids bigint[] NOT NULL,
  partitions integer[] NOT NULL,
  sequences  bigint[] NOT NULL
);

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
