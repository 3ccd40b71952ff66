-- What the checks of a record need to know: the network and the meters' keys; and what its signed values prove.

-- Of whatever spelling the EVSE id comes in; the same rule as the service's evseKey for ids of both grammars.
ALTER TABLE cdr ADD COLUMN evse_key text;
UPDATE cdr SET evse_key = CASE
  WHEN upper(btrim(evse_id)) ~ '^[A-Z]' THEN replace(upper(btrim(evse_id)), '*', '')
  ELSE replace(upper(btrim(evse_id)), '+', '')
END WHERE evse_id IS NOT NULL;
-- Overlaps: of one EVSE or card, the sessions that end after a moment.
CREATE INDEX cdr_evse_end ON cdr (evse_key, session_end_at) WHERE state <> 'conflict';
CREATE INDEX cdr_card_end ON cdr (identification_fingerprint, session_end_at) WHERE state <> 'conflict';
-- Records that an EVSE's facts may free.
CREATE INDEX cdr_quarantined_evse ON cdr (evse_key) WHERE state = 'quarantined';

-- What poi-sync tells of EVSEs; one that is not listed any more stays, for records that are still on their way.
CREATE TABLE evse_fact (
  evse_key         text PRIMARY KEY,
  operator_id      text NOT NULL,
  operator_key     text NOT NULL,
  country          text,
  time_zone        text,
  maximum_power_kw numeric,
  power_type       text,
  calibration_law  text,
  recorded_at      timestamptz(3) NOT NULL,
  removed_at       timestamptz(3)
);
CREATE INDEX evse_fact_operator ON evse_fact (operator_key);

-- The products an operator lists, for whichever provider.
CREATE TABLE product_fact (
  operator_key     text NOT NULL,
  product_key      text NOT NULL,
  product_id       text NOT NULL,
  maximum_power_kw numeric,
  listed_at        timestamptz(3) NOT NULL,
  PRIMARY KEY (operator_key, product_key)
);

-- Public keys of meters. Keys that people or a list brought say whose signature it is; one that a record brought is noted
-- at its first use and says only that it is still the same.
CREATE TABLE meter_key (
  id                text PRIMARY KEY,
  fingerprint       text NOT NULL,  -- SHA-256 of the SubjectPublicKeyInfo, hex
  public_key        text NOT NULL,  -- SubjectPublicKeyInfo, DER, hex
  curve             text NOT NULL,
  meter_id          text,
  evse_key          text,
  evse_id           text,
  operator_id       text,
  origin            text NOT NULL CHECK (origin IN ('import', 'hand', 'first-use')),
  valid_from        timestamptz(3),
  valid_until       timestamptz(3),
  revoked_at        timestamptz(3),
  revocation_reason text,
  revoked_by        text,
  note              text,
  noted_at          timestamptz(3) NOT NULL,
  noted_by          text,
  first_session_id  text,           -- whose record brought it
  CHECK (meter_id IS NOT NULL OR evse_key IS NOT NULL)
);
CREATE UNIQUE INDEX meter_key_place ON meter_key (coalesce(evse_key, ''), coalesce(meter_id, ''), fingerprint);
CREATE INDEX meter_key_meter ON meter_key (meter_id) WHERE meter_id IS NOT NULL;
CREATE INDEX meter_key_fingerprint ON meter_key (fingerprint);

-- What the signed values of a record prove. Holds neither the values (they are in the sealed record) nor their hashes: a
-- card number could be guessed by them.
CREATE TABLE cdr_metering (
  cdr_id          text PRIMARY KEY,
  verdict         text NOT NULL CHECK (verdict IN ('valid', 'invalid', 'unverifiable', 'absent')),
  code            text NOT NULL,
  reason          text NOT NULL,
  origin          text CHECK (origin IN ('registered-key', 'first-use', 'record-only')),
  questions       jsonb NOT NULL,
  energy_kwh      numeric,
  signed_begin    text,
  signed_end      text,
  key_fingerprint text,
  meter_id        text,
  signed_values   jsonb NOT NULL,
  verified_at     timestamptz(3) NOT NULL
);
CREATE INDEX cdr_metering_meter ON cdr_metering (meter_id) WHERE meter_id IS NOT NULL;
