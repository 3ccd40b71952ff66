-- The database of poi-sync: charging points as HBS lists them, their status, what operators charge us, and the pulls
-- that brought all of it.

-- One row per EVSE that HBS ever listed; `removed_at` marks those that a complete pull did not list any more.
CREATE TABLE evse (
  evse_key          text PRIMARY KEY,          -- upper case without separators (OICP §4.2)
  evse_id           text NOT NULL,             -- as pulled
  operator_id       text NOT NULL,             -- never derived from the id
  operator_key      text NOT NULL,
  operator_name     text,
  country           text,                      -- ISO 3166-1 alpha-2
  time_zone         text,                      -- IANA
  latitude          text,                      -- exact decimal text
  longitude         text,
  position_verdict  text NOT NULL,
  maximum_power_kw  numeric,
  power_type        text,
  calibration_law   text,
  hubject_compatible boolean,
  record            jsonb NOT NULL,            -- PullEvseDataRecord as read (OICP §9.1), members we do not know included
  findings          jsonb NOT NULL,            -- code → JSON pointers into the record
  content_hash      text NOT NULL,
  findings_hash     text NOT NULL,
  first_recorded_at timestamptz(3) NOT NULL,
  recorded_at       timestamptz(3) NOT NULL,   -- when the content last changed
  removed_at        timestamptz(3)
);
CREATE INDEX evse_operator_key ON evse (operator_key, evse_key);
CREATE INDEX evse_country ON evse (country, evse_key);

-- What the evse-data pull under way has seen so far: tells repeats from duplicates, and afterwards what is gone.
-- Unlogged: it is worth nothing after a crash, the next pull begins anew.
CREATE UNLOGGED TABLE evse_seen (
  run_id       text NOT NULL,
  evse_key     text NOT NULL,
  evse_id      text,
  operator_id  text,
  content_hash text,
  PRIMARY KEY (run_id, evse_key)
);

-- The last known status; an EVSE without a row was never in a status answer: Unknown.
CREATE TABLE evse_status (
  evse_key   text PRIMARY KEY,
  evse_id    text NOT NULL,
  status     text NOT NULL,                    -- OICP's literal, or whatever else the operator sent
  changed_at timestamptz(3) NOT NULL
);

-- The status answer as it streams in; compared with `evse_status` once it is complete.
CREATE UNLOGGED TABLE evse_status_seen (
  run_id   text NOT NULL,
  evse_key text NOT NULL,
  evse_id  text NOT NULL,
  status   text NOT NULL,
  PRIMARY KEY (run_id, evse_key)
);

-- What operators charge us now (OICP §7.9), net; `product_id` is empty for the operator's default price.
CREATE TABLE operator_price (
  operator_id              text NOT NULL,
  provider_id              text NOT NULL,      -- '*' = every provider
  product_id               text NOT NULL,
  currency                 text NOT NULL,
  reference_unit           text NOT NULL,
  price_per_reference_unit numeric NOT NULL,
  maximum_power_kw         numeric,
  additional_references    jsonb NOT NULL,
  availability             jsonb NOT NULL,
  content_hash             text NOT NULL,
  valid_from               timestamptz(3) NOT NULL,  -- when we learned of it
  PRIMARY KEY (operator_id, provider_id, product_id)
);

-- Every pull: its progress while it runs, its result afterwards.
CREATE TABLE pull_run (
  id            text PRIMARY KEY,
  kind          text NOT NULL,                 -- evse-data | evse-status | pricing
  state         text NOT NULL,                 -- running | complete | failed | interrupted
  started_at    timestamptz(3) NOT NULL,
  progressed_at timestamptz(3) NOT NULL,
  ended_at      timestamptz(3),
  counts        jsonb NOT NULL,
  findings      jsonb NOT NULL,                -- code → number of records that have it
  duplicates    jsonb NOT NULL,
  notes         jsonb NOT NULL,
  error         text
);
CREATE INDEX pull_run_kind_started_at ON pull_run (kind, started_at);

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
  -- Given by the relay when it numbers the events of a topic's partition without gaps; null until then.
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
