-- The event log of the PostgreSQL broker, in a database of its own.

CREATE TABLE topic (
  name       text PRIMARY KEY,
  partitions integer NOT NULL
);

-- Append-only. Readers go by (txid, id): ids are given out in the order of asking, not of committing, so a reader that
-- went by id alone would pass by the row of a slow transaction for ever.
CREATE TABLE log (
  id          bigint GENERATED ALWAYS AS IDENTITY,
  txid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
  topic       text NOT NULL,
  partition   integer NOT NULL,
  key         text NOT NULL,
  headers     jsonb NOT NULL,
  payload     text NOT NULL,
  appended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic, partition, txid, id)
);
CREATE INDEX log_appended_at ON log USING brin (appended_at);

-- How far a consumer group has come in a partition, and which of its members may move it until when.
CREATE TABLE group_cursor (
  consumer_group text NOT NULL,
  topic          text NOT NULL,
  partition      integer NOT NULL,
  txid           xid8 NOT NULL DEFAULT '0',
  id             bigint NOT NULL DEFAULT 0,
  owner          uuid,
  leased_until   timestamptz,
  PRIMARY KEY (consumer_group, topic, partition)
);

-- The members of a group that were heard of lately: so many share the partitions of a topic.
CREATE TABLE group_member (
  consumer_group text NOT NULL,
  topic          text NOT NULL,
  member         uuid NOT NULL,
  alive_until    timestamptz NOT NULL,
  PRIMARY KEY (consumer_group, topic, member)
);
