-- Contracts and cards. Card numbers and contract ids are sealed; what is searched for is a keyed fingerprint.
CREATE TABLE contract (
  contract_ref     text PRIMARY KEY,
  evco_fingerprint text NOT NULL,
  sealed_evco_id   text NOT NULL,
  provider_id      text NOT NULL,
  customer_ref     text NOT NULL,
  sealed_customer  text NOT NULL,
  tariff_plan_id   text NOT NULL,
  status           text NOT NULL CHECK (status IN ('active', 'blocked')),
  valid_from       timestamptz(3) NOT NULL,
  valid_until      timestamptz(3),
  registered_at    timestamptz(3) NOT NULL,
  changed_at       timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX contract_evco_fingerprint_key ON contract (evco_fingerprint);
CREATE INDEX contract_provider_id_idx ON contract (provider_id);

CREATE TABLE card (
  card_ref      text PRIMARY KEY,
  fingerprint   text NOT NULL,
  sealed_uid    text NOT NULL,
  contract_ref  text NOT NULL,
  status        text NOT NULL CHECK (status IN ('active', 'blocked')),
  valid_until   timestamptz(3),
  registered_at timestamptz(3) NOT NULL,
  changed_at    timestamptz(3) NOT NULL,
  CONSTRAINT card_contract_ref_fkey FOREIGN KEY (contract_ref) REFERENCES contract (contract_ref) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX card_fingerprint_key ON card (fingerprint);
CREATE INDEX card_contract_ref_idx ON card (contract_ref);

-- One row per SessionID we authorized or heard of. `state` follows from the moments (domain/charging-session.ts).
CREATE TABLE charging_session (
  session_id             text PRIMARY KEY,
  state                  text NOT NULL CHECK (state IN ('authorized', 'charging', 'ended', 'closed', 'expired')),
  provider_id            text,
  contract_ref           text,
  card_ref               text,
  tariff_plan_id         text,
  identification         text,
  operator_id            text,
  evse_id                text,
  -- Free text of the CPO: sealed, since free text may name anything.
  sealed_cpo_session_id  text,
  emp_partner_session_id text,
  process_id             text,
  -- Which rule said yes, and the facts it looked at.
  explanation            jsonb,
  created_at             timestamptz(3) NOT NULL,
  authorized_at          timestamptz(3),
  stop_authorized_at     timestamptz(3),
  stop_process_id        text,
  charging_heard_at      timestamptz(3),
  end_heard_at           timestamptz(3),
  failure_heard_at       timestamptz(3),
  record_heard_at        timestamptz(3),
  expired_at             timestamptz(3),
  last_heard_at          timestamptz(3),
  -- kWh as notifications told: decimal text, never billed.
  energy_kwh             text
);
CREATE INDEX charging_session_created_at_session_id_idx ON charging_session (created_at, session_id);
CREATE INDEX charging_session_state_last_heard_at_idx ON charging_session (state, last_heard_at);

-- Charging notifications, each once.
CREATE TABLE session_notification (
  session_id    text NOT NULL,
  -- What makes a repeat recognisable: kind and moment at the station, or a hash of the text.
  repeat_key    text NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('started', 'progressed', 'ended', 'failed')),
  received_at   timestamptz(3) NOT NULL,
  occurred_at   text,
  energy_kwh    text,
  error_type    text,
  -- The CPO's free text about an error; sealed, since free text may name anything.
  sealed_detail text,
  operator_id   text,
  evse_id       text,
  process_id    text,
  PRIMARY KEY (session_id, repeat_key)
);

-- Charge detail records that were acknowledged, each content once. Their text travels sealed in CdrReceived.
CREATE TABLE session_record (
  session_id   text NOT NULL,
  -- Keyed fingerprint of the record's text.
  content_hash text NOT NULL,
  received_at  timestamptz(3) NOT NULL,
  operator_id  text,
  process_id   text,
  event_id     uuid NOT NULL,
  PRIMARY KEY (session_id, content_hash)
);

-- Every push of a card list to HBS; `pending` of a dead process means that its outcome is unknown.
CREATE TABLE authentication_push (
  id          text PRIMARY KEY,
  provider_id text NOT NULL,
  action      text NOT NULL,
  reason      text NOT NULL,
  records     integer NOT NULL,
  set_hash    text NOT NULL,
  started_at  timestamptz(3) NOT NULL,
  ended_at    timestamptz(3),
  outcome     text NOT NULL,
  status_code text,
  http_status integer,
  process_id  text,
  detail      text
);
CREATE INDEX authentication_push_provider_id_started_at_idx ON authentication_push (provider_id, started_at);

-- Of @emp/hbs-client: what all replicas share about HBS.
CREATE TABLE hbs_rate_limit (
  bucket  text PRIMARY KEY,
  full_at timestamptz NOT NULL
);

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
