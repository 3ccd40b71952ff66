-- What a contract allows beyond its validity; null = everything. Operators by key, countries by ISO alpha-2.
ALTER TABLE contract ADD COLUMN rules jsonb;
-- A PIN only as Bcrypt hash; the function is named as OICP names it.
ALTER TABLE contract ADD COLUMN hashed_pin text;
ALTER TABLE contract ADD COLUMN pin_hash_function text;

-- Media beside the contract's own that may stop its sessions. Their numbers are sealed.
CREATE TABLE contract_stop_medium (
  contract_ref text NOT NULL REFERENCES contract (contract_ref) ON DELETE CASCADE ON UPDATE CASCADE,
  fingerprint  text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('rfid', 'plug-and-charge')),
  sealed       text NOT NULL,
  PRIMARY KEY (contract_ref, fingerprint)
);

-- Prepaid credit or spending limit: what may be spent in all, and what was.
CREATE TABLE contract_credit (
  contract_ref        text PRIMARY KEY REFERENCES contract (contract_ref) ON DELETE CASCADE ON UPDATE CASCADE,
  currency            text NOT NULL,
  amount              numeric NOT NULL,
  -- Set aside for each session until its charge is known.
  reserve_per_session numeric NOT NULL,
  consumed            numeric NOT NULL DEFAULT 0
);
CREATE TABLE credit_hold (
  session_id   text PRIMARY KEY,
  contract_ref text NOT NULL,
  amount       numeric NOT NULL,
  held_at      timestamptz(3) NOT NULL
);
CREATE INDEX credit_hold_contract_ref_idx ON credit_hold (contract_ref);
-- Charges that were taken from a credit, each once.
CREATE TABLE credit_charge (
  charge_id    text PRIMARY KEY,
  session_id   text NOT NULL,
  contract_ref text NOT NULL,
  currency     text NOT NULL,
  gross        numeric NOT NULL,
  -- What it took from the credit: of another currency, the reserve.
  taken        numeric NOT NULL,
  taken_at     timestamptz(3) NOT NULL
);

-- Wrong PINs since the first of a row of them.
CREATE TABLE pin_attempt (
  contract_ref text PRIMARY KEY,
  since        timestamptz(3) NOT NULL,
  attempts     integer NOT NULL
);

-- Operators a provider has an agreement with; none for a provider = with all.
CREATE TABLE operator_subscription (
  provider_id  text NOT NULL,
  operator_key text NOT NULL,
  operator_id  text NOT NULL,
  PRIMARY KEY (provider_id, operator_key)
);

-- The code a known card or contract was refused with; `denied_at` says when. Null with `denied_at`: 021.
ALTER TABLE charging_session ADD COLUMN refusal_code text;
CREATE INDEX charging_session_refused_idx ON charging_session (created_at, session_id) WHERE refusal_code IS NOT NULL;
-- For limits of sessions at the same time.
CREATE INDEX charging_session_live_idx ON charging_session (contract_ref) WHERE state IN ('authorized', 'charging');
