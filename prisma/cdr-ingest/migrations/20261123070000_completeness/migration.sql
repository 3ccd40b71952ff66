-- What shows that nothing is missing: pulls that go on where they stopped, sessions whose record is asked for, small
-- read models of sessions, receipts and charges, the proof of each day; and the ways to find and hand out records.

-- A pull is a list of steps, each a window (or some sessions) that is read page after page.
ALTER TABLE reconciliation_pull
  ADD COLUMN kind text NOT NULL DEFAULT 'regular' CHECK (kind IN ('regular', 'sweep', 'window', 'sessions')),
  -- The reconciliation whose unfinished steps it took over.
  ADD COLUMN resumes text;

CREATE TABLE pull_step (
  id                text PRIMARY KEY,
  reconciliation_id text NOT NULL,
  provider_id       text NOT NULL,
  selection         text NOT NULL CHECK (selection IN ('not-forwarded', 'all', 'sessions')),
  window_from       timestamptz(3) NOT NULL,
  window_to         timestamptz(3) NOT NULL,
  session_ids       text[] NOT NULL DEFAULT '{}',
  -- Where the watermark may stand once it is complete.
  reaches           timestamptz(3) NOT NULL,
  state             text NOT NULL CHECK (state IN ('waiting', 'reading', 'complete', 'incomplete', 'split')),
  -- The how-many-th time it is read, and the page to ask for next.
  reading           integer NOT NULL DEFAULT 1,
  next_page         integer NOT NULL DEFAULT 0,
  announced         integer,
  ended_at          timestamptz(3)
);
CREATE INDEX pull_step_pull ON pull_step (reconciliation_id, provider_id);

-- Which records the pages of a step brought, eight bytes of hash each; gone when the step has ended.
CREATE TABLE pull_page (
  step_id text NOT NULL REFERENCES pull_step ON DELETE CASCADE,
  reading integer NOT NULL,
  page    integer NOT NULL,
  hashes  bytea NOT NULL,
  PRIMARY KEY (step_id, reading, page)
);

-- When Hubject first listed a session's record in one of our pulls.
CREATE TABLE hub_listing (
  session_key text PRIMARY KEY,
  provider_id text NOT NULL,
  listed_at   timestamptz(3) NOT NULL,
  page        text NOT NULL,
  process_id  text
);
CREATE INDEX hub_listing_listed_at ON hub_listing USING brin (listed_at);

-- Sessions without a record beyond the gateway's limit, and what asking for it brought.
CREATE TABLE missing_record (
  session_key     text PRIMARY KEY,
  session_id      text NOT NULL,
  provider_id     text NOT NULL,
  operator_id     text,
  evse_id         text,
  contract_ref    text NOT NULL,
  last_heard_at   timestamptz(3) NOT NULL,
  missing_since   timestamptz(3) NOT NULL,
  state           text NOT NULL CHECK (state IN ('asking', 'given-up', 'settled')),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  last_attempt_at timestamptz(3),
  last_outcome    text,
  settled_at      timestamptz(3),
  settled_by      text
);
CREATE INDEX missing_record_since ON missing_record (missing_since);
CREATE INDEX missing_record_due ON missing_record (next_attempt_at) WHERE state = 'asking';

-- Read models of what other services tell; they can be dropped and filled again from the event log.
CREATE TABLE authorized_session (
  session_key    text PRIMARY KEY,
  session_id     text NOT NULL,
  provider_id    text NOT NULL,
  operator_id    text NOT NULL,
  evse_id        text,
  contract_ref   text NOT NULL,
  identification text NOT NULL,
  authorized_at  timestamptz(3) NOT NULL
);
CREATE INDEX authorized_session_day ON authorized_session (authorized_at);

CREATE TABLE session_notice (
  event_id    text PRIMARY KEY,
  session_key text NOT NULL,
  kind        text NOT NULL,
  occurred_at text,
  noticed_at  timestamptz(3) NOT NULL,
  energy_kwh  text,
  error_type  text
);
CREATE INDEX session_notice_session ON session_notice (session_key);
CREATE INDEX session_notice_noticed_at ON session_notice USING brin (noticed_at);

CREATE TABLE cdr_receipt (
  event_id    text PRIMARY KEY,
  session_key text NOT NULL,
  origin      text NOT NULL CHECK (origin IN ('pushed', 'pulled')),
  provider_id text NOT NULL,
  operator_id text,
  received_at timestamptz(3) NOT NULL,
  page        text,
  process_id  text
);
CREATE INDEX cdr_receipt_session ON cdr_receipt (session_key);
CREATE INDEX cdr_receipt_received_at ON cdr_receipt USING brin (received_at);

-- What billing did with a session; the last entry counts.
CREATE TABLE billing_entry (
  event_id         text PRIMARY KEY,
  session_key      text NOT NULL,
  session_id       text NOT NULL,
  kind             text NOT NULL CHECK (kind IN ('rated', 'corrected', 'reversed')),
  billed_at        timestamptz(3) NOT NULL,
  charge_id        text NOT NULL,
  invoice_draft_id text,
  contract_ref     text,
  energy_kwh       numeric,
  currency         text,
  gross            numeric
);
CREATE INDEX billing_entry_session ON billing_entry (session_key, billed_at, event_id);
CREATE INDEX billing_entry_day ON billing_entry (billed_at);

-- The proof of a day as it was last taken; once closed it stays, so that later differences show.
CREATE TABLE proof_snapshot (
  day       date NOT NULL,
  zone      text NOT NULL,
  taken_at  timestamptz(3) NOT NULL,
  closed_at timestamptz(3),
  proof     jsonb NOT NULL,
  PRIMARY KEY (day, zone)
);

CREATE TABLE export_run (
  id          text PRIMARY KEY,
  format      text NOT NULL,
  -- Names and values of the filters, never a card number.
  selection   jsonb NOT NULL,
  state       text NOT NULL CHECK (state IN ('running', 'done', 'aborted', 'failed')),
  rows_so_far bigint NOT NULL DEFAULT 0,
  started_at  timestamptz(3) NOT NULL,
  updated_at  timestamptz(3) NOT NULL,
  ended_at    timestamptz(3),
  error       text
);
CREATE INDEX export_run_started_at ON export_run (started_at);

-- Records are found by any id; each index ends with the order in which they are shown.
CREATE INDEX cdr_cpo_partner_session ON cdr (cpo_partner_session_id, id) WHERE cpo_partner_session_id IS NOT NULL;
CREATE INDEX cdr_emp_partner_session ON cdr (emp_partner_session_id, id) WHERE emp_partner_session_id IS NOT NULL;
CREATE INDEX cdr_process ON cdr (process_id, id) WHERE process_id IS NOT NULL;
CREATE INDEX cdr_contract ON cdr (contract_ref, id) WHERE contract_ref IS NOT NULL;
CREATE INDEX cdr_identification ON cdr (identification_fingerprint, id) WHERE identification_fingerprint IS NOT NULL;
CREATE INDEX cdr_evse ON cdr (evse_key, id) WHERE evse_key IS NOT NULL;
CREATE INDEX cdr_operator ON cdr (operator_id, id);
CREATE INDEX cdr_provider ON cdr (provider_id, id);
-- By time of receipt: a block range index knows new rows only after a vacuum.
DROP INDEX cdr_received_at;
CREATE INDEX cdr_received_at ON cdr (received_at);
-- The day to which a record without authorization belongs.
CREATE INDEX cdr_day ON cdr (coalesce(session_start_at, received_at));
CREATE INDEX cdr_metering_verdict ON cdr_metering (verdict, cdr_id);
CREATE INDEX cdr_finding ON cdr USING gin (jsonb_path_query_array(findings, '$[*].code')) WHERE findings <> '[]';
