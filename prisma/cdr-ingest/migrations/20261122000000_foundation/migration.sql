-- The database of cdr-ingest: every charge detail record that reached us with what was found about it, the
-- identifications of our contracts, and the pulls from Hubject.

-- One row per content that came for a session. Facts are those of the record; the record itself is sealed, because it
-- names the driver's card. Every text of a time is kept beside its instant: its offset is evidence.
CREATE TABLE cdr (
  id                         text NOT NULL,
  session_key                text NOT NULL,
  version                    integer NOT NULL,
  session_id                 text NOT NULL,
  state                      text NOT NULL CHECK (state IN ('accepted', 'quarantined', 'conflict')),
  readable                   boolean NOT NULL,
  findings                   jsonb NOT NULL,
  differing_members          jsonb NOT NULL DEFAULT '[]',
  sealed_record              text NOT NULL,
  value_hash                 text NOT NULL,
  byte_hash                  text NOT NULL,
  origin                     text NOT NULL CHECK (origin IN ('pushed', 'pulled')),
  page                       text,
  process_id                 text,
  received_at                timestamptz(3) NOT NULL,
  recorded_at                timestamptz(3) NOT NULL,
  decided_at                 timestamptz(3) NOT NULL,
  provider_id                text NOT NULL,
  operator_id                text,
  contract_ref               text,
  matched_by                 text CHECK (matched_by IN ('session', 'identification')),
  identification             text NOT NULL,
  identification_fingerprint text,
  evse_id                    text,
  partner_product_id         text,
  session_start              text,
  session_start_at           timestamptz(3),
  session_end                text,
  session_end_at             timestamptz(3),
  charging_start             text,
  charging_start_at          timestamptz(3),
  charging_end               text,
  charging_end_at            timestamptz(3),
  consumed_energy_kwh        numeric,
  meter_start_kwh            numeric,
  meter_end_kwh              numeric,
  meter_in_between_kwh       jsonb NOT NULL DEFAULT '[]',  -- decimal texts
  energy_kwh                 numeric,
  signed_values              integer NOT NULL DEFAULT 0,
  cpo_partner_session_id     text,
  emp_partner_session_id     text,
  hub_operator_id            text,
  hub_provider_id            text,
  PRIMARY KEY (id)
);
-- What makes a record come once, whoever sends it how often, and two at the same moment, too.
CREATE UNIQUE INDEX cdr_session_version ON cdr (session_key, version);
CREATE INDEX cdr_received_at ON cdr USING brin (received_at);
CREATE INDEX cdr_not_accepted ON cdr (id) WHERE state <> 'accepted';
CREATE INDEX cdr_waiting ON cdr (identification_fingerprint) WHERE state = 'quarantined';
-- Sealed text does not compress: do not try.
ALTER TABLE cdr ALTER COLUMN sealed_record SET STORAGE EXTERNAL;

-- Which contract an identification belongs to, by keyed hash; fed by the contract events.
CREATE TABLE contract_identification (
  fingerprint  text PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('uid', 'evco')),
  contract_ref text NOT NULL,
  told_at      timestamptz(3) NOT NULL
);

-- Everything that Hubject received for a provider before the watermark has been fetched.
CREATE TABLE pull_watermark (
  provider_id text PRIMARY KEY,
  watermark   timestamptz(3) NOT NULL,
  moved_at    timestamptz(3) NOT NULL
);

-- One pull for one provider within one reconciliation.
CREATE TABLE reconciliation_pull (
  reconciliation_id text NOT NULL,
  provider_id       text NOT NULL,
  state             text NOT NULL CHECK (state IN ('running', 'done', 'incomplete', 'failed', 'interrupted')),
  trigger           text NOT NULL CHECK (trigger IN ('schedule', 'request')),
  started_at        timestamptz(3) NOT NULL,
  ended_at          timestamptz(3),
  window_from       timestamptz(3) NOT NULL,
  window_to         timestamptz(3) NOT NULL,
  watermark         timestamptz(3),
  windows           integer NOT NULL DEFAULT 0,
  pages             integer NOT NULL DEFAULT 0,
  records           integer NOT NULL DEFAULT 0,
  new_records       integer NOT NULL DEFAULT 0,
  changed_records   integer NOT NULL DEFAULT 0,
  known_records     integer NOT NULL DEFAULT 0,
  last_page         text,
  last_process_id   text,
  error_slug        text,
  error_message     text,
  PRIMARY KEY (reconciliation_id, provider_id)
);
CREATE INDEX reconciliation_pull_started_at ON reconciliation_pull (started_at);

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
