-- What was asked of HBS for a driver's app (OICP §7.1–7.4): written before it is sent, settled by what is heard.
CREATE TABLE command (
  command_id             text PRIMARY KEY,
  kind                   text NOT NULL
    CHECK (kind IN ('remote-start', 'remote-stop', 'reservation-start', 'reservation-stop')),
  state                  text NOT NULL CHECK (state IN ('sent', 'accepted', 'refused', 'unknown')),
  -- Tells a repeat of the same wish from another one under the same id.
  wish_hash              text NOT NULL,
  provider_id            text NOT NULL,
  contract_ref           text,
  evse_id                text NOT NULL,
  evse_key               text NOT NULL,
  session_id             text,
  emp_partner_session_id text NOT NULL,
  partner_product_id     text,
  duration_minutes       integer,
  tariff_plan_id         text,
  -- Name of the API key or token that asked.
  caller                 text NOT NULL,
  explanation            jsonb,
  requested_at           timestamptz(3) NOT NULL,
  -- The process that sent it lives, as long as it goes on moving this (database time).
  held_until             timestamptz(3),
  unknown_at             timestamptz(3),
  unknown_reason         text,
  settled_at             timestamptz(3),
  settled_by             text CHECK (settled_by IN ('rules', 'answer', 'notification', 'record', 'person')),
  settled_how            text,
  code                   text,
  http_status            integer,
  process_id             text,
  -- Free text of HBS or of the operator, and of the person who settled it: sealed, since it may name anything.
  sealed_detail          text,
  resolved_by            text,
  sealed_reason          text
);
-- A start that nobody knows the outcome of is not repeated: one at a time for a contract and an EVSE.
CREATE UNIQUE INDEX command_open_start ON command (kind, contract_ref, evse_key)
  WHERE kind IN ('remote-start', 'reservation-start') AND state IN ('sent', 'unknown');
-- Starts whose session is not known yet, looked up by every message of a session that nobody authorized.
CREATE INDEX command_lost_start ON command (evse_key)
  WHERE kind IN ('remote-start', 'reservation-start') AND session_id IS NULL AND state <> 'refused';
CREATE INDEX command_emp_partner_session_id_idx ON command (emp_partner_session_id);
CREATE INDEX command_sent ON command (held_until) WHERE state = 'sent';
CREATE INDEX command_session_id_idx ON command (session_id);
CREATE INDEX command_requested_at_command_id_idx ON command (requested_at, command_id);

ALTER TABLE charging_session
  DROP CONSTRAINT charging_session_state_check,
  ADD CONSTRAINT charging_session_state_check
    CHECK (state IN ('authorized', 'reserved', 'charging', 'ended', 'closed', 'expired', 'cancelled')),
  ADD COLUMN reserved_at timestamptz(3),
  ADD COLUMN reserved_until timestamptz(3),
  ADD COLUMN cancelled_at timestamptz(3),
  ADD COLUMN record_missing_at timestamptz(3),
  -- How long has been charged, as far as notifications told.
  ADD COLUMN charging_seconds integer,
  -- Of a session that we did not authorize: whose it may be, by what its messages say.
  ADD COLUMN heard_contract_ref text,
  ADD COLUMN heard_emp_session_id text,
  -- Number of the last change in session_change.
  ADD COLUMN changes integer NOT NULL DEFAULT 0;
CREATE INDEX charging_session_contract_ref_created_at_idx ON charging_session (contract_ref, created_at);
CREATE INDEX charging_session_record_missing ON charging_session (record_missing_at, session_id)
  WHERE record_missing_at IS NOT NULL AND record_heard_at IS NULL;
CREATE INDEX charging_session_reserved ON charging_session (reserved_until) WHERE state = 'reserved';
-- Sessions that we only heard of, at an EVSE where a start is looked for.
CREATE INDEX charging_session_of_nobody ON charging_session (created_at) WHERE contract_ref IS NULL;

ALTER TABLE session_notification ADD COLUMN charging_seconds integer;

-- What changed in a session, numbered without gaps under the lock of its row: followed by apps, on any replica.
CREATE TABLE session_change (
  session_id text NOT NULL,
  number     integer NOT NULL,
  at         timestamptz(3) NOT NULL,
  what       text NOT NULL,
  state      text NOT NULL,
  detail     jsonb NOT NULL,
  PRIMARY KEY (session_id, number)
);
