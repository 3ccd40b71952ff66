-- The quarantine as a workplace: a case per session whose record a person or a later fact must settle, and every step.

ALTER TABLE cdr DROP CONSTRAINT cdr_state_check;
-- rejected: a person decided that it will not be billed.
ALTER TABLE cdr ADD CONSTRAINT cdr_state_check CHECK (state IN ('accepted', 'quarantined', 'conflict', 'rejected'));
ALTER TABLE cdr DROP CONSTRAINT cdr_matched_by_check;
ALTER TABLE cdr ADD CONSTRAINT cdr_matched_by_check CHECK (matched_by IN ('session', 'identification', 'person'));

CREATE TABLE quarantine_case (
  session_key   text NOT NULL,
  session_id    text NOT NULL,
  state         text NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'corrected', 'settled')),
  -- Counts its steps: who acts names the one they saw.
  revision      integer NOT NULL,
  -- What was last told of the record: nothing, that it may be billed, that it no longer may.
  announced     text NOT NULL CHECK (announced IN ('never', 'accepted', 'withdrawn')),
  -- How many corrections and withdrawals were told.
  corrections   integer NOT NULL DEFAULT 0,
  -- Codes of the errors that keep it open.
  codes         text[] NOT NULL,
  -- Versions of the record that contradict the one in force, and that nobody has decided on.
  open_versions integer[] NOT NULL DEFAULT '{}',
  -- Members that a person corrected, with their new texts. The record's own text stays as it came.
  overlay       jsonb NOT NULL DEFAULT '{}',
  provider_id   text NOT NULL,
  provider_key  text NOT NULL,
  operator_id   text,
  operator_key  text,
  evse_id       text,
  evse_key      text,
  opened_at     timestamptz(3) NOT NULL,
  closed_at     timestamptz(3),
  PRIMARY KEY (session_key),
  CHECK ((state = 'open') = (closed_at IS NULL))
);
CREATE INDEX quarantine_case_age ON quarantine_case (state, opened_at, session_key);
CREATE INDEX quarantine_case_codes ON quarantine_case USING gin (codes);

-- Who did what to a case, when and why, and what it was before and after. Never a card number.
CREATE TABLE quarantine_step (
  id          text NOT NULL,
  session_key text NOT NULL,
  revision    integer NOT NULL,
  at          timestamptz(3) NOT NULL,
  who         text NOT NULL,
  what        text NOT NULL,
  why         text NOT NULL,
  before      jsonb NOT NULL,
  after       jsonb NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX quarantine_step_revision ON quarantine_step (session_key, revision);
CREATE FUNCTION quarantine_step_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'step % of the audit trail stands', OLD.id;
END $$;
CREATE TRIGGER quarantine_step_stands BEFORE UPDATE OR DELETE ON quarantine_step FOR EACH ROW EXECUTE FUNCTION quarantine_step_stands();

-- Whether a contract is known, for a person who names one.
CREATE INDEX contract_identification_contract ON contract_identification (contract_ref);

-- What is open already.
INSERT INTO quarantine_case (session_key, session_id, state, revision, announced, codes, open_versions, provider_id, provider_key,
  operator_id, operator_key, evse_id, evse_key, opened_at)
SELECT waiting.session_key, min(waiting.session_id), 'open', 1, CASE WHEN bool_or(waiting.state = 'accepted') THEN 'accepted' ELSE 'never' END,
  coalesce((SELECT array_agg(DISTINCT finding ->> 'code') FROM cdr AS other, jsonb_array_elements(other.findings) AS finding
    WHERE other.session_key = waiting.session_key AND other.state <> 'accepted' AND finding ->> 'severity' = 'error'), '{}'),
  coalesce(array_agg(waiting.version) FILTER (WHERE waiting.state = 'conflict'), '{}'),
  (array_agg(waiting.provider_id ORDER BY waiting.version))[1],
  regexp_replace(upper((array_agg(waiting.provider_id ORDER BY waiting.version))[1]), '[*-]', '', 'g'),
  (array_agg(waiting.operator_id ORDER BY waiting.version))[1],
  (array_agg(CASE WHEN upper(waiting.operator_id) ~ '^[A-Z]' THEN regexp_replace(upper(waiting.operator_id), '[*-]', '', 'g')
    ELSE replace(upper(waiting.operator_id), '+', '') END ORDER BY waiting.version))[1],
  (array_agg(waiting.evse_id ORDER BY waiting.version))[1],
  (array_agg(waiting.evse_key ORDER BY waiting.version))[1],
  min(waiting.recorded_at) FILTER (WHERE waiting.state <> 'accepted')
FROM cdr AS waiting
WHERE waiting.session_key IN (SELECT session_key FROM cdr WHERE state <> 'accepted')
GROUP BY waiting.session_key;
INSERT INTO quarantine_step (id, session_key, revision, at, who, what, why, before, after)
SELECT gen_random_uuid(), session_key, 1, opened_at, 'cdr-ingest', 'opened', array_to_string(codes, ', '), '{}', '{}' FROM quarantine_case;
