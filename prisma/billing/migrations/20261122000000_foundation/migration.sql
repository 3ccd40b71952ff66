-- Billing: facts of others as read models, our own tariff plans and VAT rates, charges, drafts of invoices.
-- Money and energy are numeric without a scale: the places that were computed are kept (5.70 stays 5.70).

-- Contracts as the gateway tells of them.
CREATE TABLE contract (
  contract_ref   text PRIMARY KEY,
  provider_id    text NOT NULL,
  customer_ref   text NOT NULL,
  tariff_plan_id text NOT NULL,
  status         text NOT NULL,
  valid_from     timestamptz(3) NOT NULL,
  valid_until    timestamptz(3),
  recorded_at    timestamptz(3) NOT NULL
);

-- Which plan a contract had since when: a session is priced by the plan of its start.
CREATE TABLE contract_plan (
  contract_ref   text NOT NULL,
  since          timestamptz(3) NOT NULL,
  tariff_plan_id text NOT NULL,
  PRIMARY KEY (contract_ref, since)
);

-- EVSEs as poi-sync tells of them; a removed one is kept, its sessions may still be on their way.
CREATE TABLE evse (
  evse_key         text PRIMARY KEY,
  evse_id          text NOT NULL,
  operator_id      text NOT NULL,
  country          text,
  time_zone        text,
  maximum_power_kw numeric,
  recorded_at      timestamptz(3) NOT NULL,
  removed_at       timestamptz(3)
);

-- What operators charge us, each price as of when we learnt of it; product_id '' = the operator's default.
CREATE TABLE operator_price (
  operator_key             text NOT NULL,
  provider_id              text NOT NULL,
  product_id               text NOT NULL,
  valid_from               timestamptz(3) NOT NULL,
  currency                 text NOT NULL,
  reference_unit           text NOT NULL,
  price_per_reference_unit numeric NOT NULL,
  additional_references    jsonb NOT NULL,
  maximum_power_kw         numeric,
  PRIMARY KEY (operator_key, provider_id, product_id, valid_from)
);

CREATE TABLE tariff_plan (
  id         text PRIMARY KEY,
  created_at timestamptz(3) NOT NULL
);

-- A version is never changed: what a driver agreed to can be read for ever.
CREATE TABLE tariff_version (
  plan_id    text NOT NULL,
  version    integer NOT NULL,
  valid_from timestamptz(3) NOT NULL,
  tariff     jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (plan_id, version),
  CONSTRAINT tariff_version_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES tariff_plan (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX tariff_version_plan_id_valid_from_key ON tariff_version (plan_id, valid_from);

-- Days are local days of the country; valid_until is the first day on which the rate no longer holds.
CREATE TABLE vat_rate (
  country      text NOT NULL,
  supply_kind  text NOT NULL DEFAULT 'charging',
  valid_from   date NOT NULL,
  valid_until  date,
  rate_percent numeric NOT NULL,
  source       text NOT NULL,
  PRIMARY KEY (country, supply_kind, valid_from)
);

-- One row per session, whatever repeats; `record` keeps the accepted record's facts, so that a waiting charge can be rated.
CREATE TABLE charge (
  id               text PRIMARY KEY,
  session_id       text NOT NULL,
  state            text NOT NULL,
  waiting_reason   text,
  waiting_detail   text,
  contract_ref     text NOT NULL,
  evse_key         text NOT NULL,
  session_start    timestamptz(3),
  session_end      timestamptz(3),
  energy_kwh       numeric,
  record           jsonb NOT NULL,
  tariff_plan_id   text,
  tariff_version   integer,
  tax_country      text,
  currency         text,
  net              numeric,
  vat_rate_percent numeric,
  vat              numeric,
  gross            numeric,
  breakdown        jsonb,
  cost_currency    text,
  cost_net         numeric,
  cost_breakdown   jsonb,
  created_at       timestamptz(3) NOT NULL,
  rated_at         timestamptz(3),
  CONSTRAINT charge_is_rated_or_waits CHECK (
    (state = 'rated' AND waiting_reason IS NULL AND gross = net + vat AND rated_at IS NOT NULL AND tariff_version IS NOT NULL)
    OR (state = 'waiting' AND waiting_reason IS NOT NULL AND net IS NULL AND rated_at IS NULL))
);
CREATE UNIQUE INDEX charge_session_id_key ON charge (session_id);
CREATE INDEX charge_state_id_idx ON charge (state, id);
CREATE INDEX charge_waiting_contract ON charge (contract_ref) WHERE state = 'waiting';
CREATE INDEX charge_waiting_evse ON charge (evse_key) WHERE state = 'waiting';

-- What will become an invoice: one per contract, month, tax country and currency. Numbers come with the issuing.
CREATE TABLE invoice_draft (
  id           text PRIMARY KEY,
  contract_ref text NOT NULL,
  month        text NOT NULL,
  tax_country  text NOT NULL,
  currency     text NOT NULL,
  created_at   timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX invoice_draft_contract_ref_month_tax_country_currency_key ON invoice_draft (contract_ref, month, tax_country, currency);

CREATE TABLE invoice_draft_line (
  charge_id        text PRIMARY KEY,
  draft_id         text NOT NULL,
  session_id       text NOT NULL,
  evse_id          text NOT NULL,
  session_start    text NOT NULL,
  session_end      text NOT NULL,
  energy_kwh       numeric NOT NULL,
  net              numeric NOT NULL,
  vat_rate_percent numeric NOT NULL,
  created_at       timestamptz(3) NOT NULL,
  CONSTRAINT invoice_draft_line_charge_id_fkey FOREIGN KEY (charge_id) REFERENCES charge (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT invoice_draft_line_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES invoice_draft (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX invoice_draft_line_draft_id_idx ON invoice_draft_line (draft_id);

-- Standard rates. EU: TEDB as of 2026-09-23. CH, LI, NO, GB: to be confirmed. Special regions and reduced rates: none yet.
INSERT INTO vat_rate (country, valid_from, valid_until, rate_percent, source) VALUES
  ('AT', '1984-01-01', NULL, 20, 'TEDB'), ('BE', '1996-01-01', NULL, 21, 'TEDB'), ('BG', '1999-01-01', NULL, 20, 'TEDB'),
  ('CY', '2014-01-13', NULL, 19, 'TEDB'), ('CZ', '2013-01-01', NULL, 21, 'TEDB'),
  ('DE', '2020-07-01', '2021-01-01', 16, 'TEDB'), ('DE', '2021-01-01', NULL, 19, 'TEDB'),
  ('DK', '1992-01-01', NULL, 25, 'TEDB'),
  ('EE', '2024-01-01', '2025-07-01', 22, 'TEDB'), ('EE', '2025-07-01', NULL, 24, 'TEDB'),
  ('ES', '2012-09-01', NULL, 21, 'TEDB'), ('FI', '2024-09-01', NULL, 25.5, 'TEDB'), ('FR', '2014-01-01', NULL, 20, 'TEDB'),
  ('GR', '2016-06-01', NULL, 24, 'TEDB'), ('HR', '2012-03-01', NULL, 25, 'TEDB'), ('HU', '2012-01-01', NULL, 27, 'TEDB'),
  ('IE', '2021-03-01', NULL, 23, 'TEDB'), ('IT', '2013-10-01', NULL, 22, 'TEDB'), ('LT', '2009-09-01', NULL, 21, 'TEDB'),
  ('LU', '2023-01-01', '2024-01-01', 16, 'TEDB'), ('LU', '2024-01-01', NULL, 17, 'TEDB'),
  ('LV', '2012-07-01', NULL, 21, 'TEDB'), ('MT', '2004-01-01', NULL, 18, 'TEDB'), ('NL', '2012-10-01', NULL, 21, 'TEDB'),
  ('PL', '2011-01-01', NULL, 23, 'TEDB'), ('PT', '2011-01-01', NULL, 23, 'TEDB'), ('RO', '2025-08-01', NULL, 21, 'TEDB'),
  ('SE', '1990-07-01', NULL, 25, 'TEDB'), ('SI', '2013-07-01', NULL, 22, 'TEDB'), ('SK', '2025-01-01', NULL, 23, 'TEDB'),
  ('CH', '2024-01-01', NULL, 8.1, 'to be confirmed'), ('LI', '2024-01-01', NULL, 8.1, 'to be confirmed'),
  ('NO', '2005-01-01', NULL, 25, 'to be confirmed'), ('GB', '2011-01-04', NULL, 20, 'to be confirmed');

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
