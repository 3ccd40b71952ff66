-- A record that is corrected or withdrawn after it was charged: the charge stays as it is, a reversal takes it back, and
-- a new charge takes its place. Also: a price that comes after rating gives the charge its cost, once.

ALTER TABLE charge
  -- By which correction of the record it was rated; 0 = the record as it was accepted.
  ADD COLUMN correction        integer NOT NULL DEFAULT 0,
  -- The reversed charge that it takes the place of.
  ADD COLUMN replaces          text,
  -- Whose price would give the cost; and which of their prices were known when it was last looked for.
  ADD COLUMN cost_operator_key text,
  ADD COLUMN cost_prices_seen  bigint NOT NULL DEFAULT 0;

-- reversed: was rated, is taken back. withdrawn: was waiting, will never be rated.
ALTER TABLE charge DROP CONSTRAINT charge_is_rated_or_waits;
ALTER TABLE charge ADD CONSTRAINT charge_is_rated_or_waits CHECK (
  (state IN ('rated', 'reversed') AND waiting_reason IS NULL AND gross = net + vat AND rated_at IS NOT NULL AND tariff_version IS NOT NULL)
  OR (state IN ('waiting', 'withdrawn') AND waiting_reason IS NOT NULL AND net IS NULL AND rated_at IS NULL));

-- One charge counts per session; those that no longer do are its past.
DROP INDEX charge_session_id_key;
CREATE UNIQUE INDEX charge_live ON charge (session_id) WHERE state IN ('rated', 'waiting');
CREATE UNIQUE INDEX charge_past ON charge (session_id, correction) WHERE state IN ('reversed', 'withdrawn');
CREATE INDEX charge_without_cost ON charge (cost_operator_key, cost_prices_seen) WHERE state = 'rated' AND cost_net IS NULL;

-- The amounts of a charge are never changed once they are there.
CREATE FUNCTION charge_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the amounts of charge % stand: take it back with a reversal', OLD.id;
END $$;
CREATE TRIGGER charge_stands BEFORE UPDATE ON charge FOR EACH ROW
  WHEN ((OLD.net IS NOT NULL AND (OLD.net, OLD.vat, OLD.gross, OLD.currency, OLD.vat_rate_percent, OLD.record)
           IS DISTINCT FROM (NEW.net, NEW.vat, NEW.gross, NEW.currency, NEW.vat_rate_percent, NEW.record))
     OR (OLD.cost_net IS NOT NULL AND (OLD.cost_net, OLD.cost_currency) IS DISTINCT FROM (NEW.cost_net, NEW.cost_currency)))
  EXECUTE FUNCTION charge_stands();
CREATE TRIGGER charge_stays BEFORE DELETE ON charge FOR EACH ROW EXECUTE FUNCTION charge_stands();

-- What takes a charge back: its amounts with the other sign, so that both together are nothing.
CREATE TABLE charge_reversal (
  id              text PRIMARY KEY,
  charge_id       text NOT NULL,
  session_id      text NOT NULL,
  contract_ref    text NOT NULL,
  correction      integer NOT NULL,
  reason          text NOT NULL,
  currency        text NOT NULL,
  net             numeric NOT NULL,
  vat             numeric NOT NULL,
  gross           numeric NOT NULL CHECK (gross = net + vat),
  cost_currency   text,
  cost_net        numeric,
  -- The draft that credits it, if the one that had charged it was closed.
  credit_draft_id text,
  reversed_at     timestamptz(3) NOT NULL,
  CONSTRAINT charge_reversal_charge_id_fkey FOREIGN KEY (charge_id) REFERENCES charge (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX charge_reversal_charge_id_key ON charge_reversal (charge_id);
CREATE INDEX charge_reversal_session_id_idx ON charge_reversal (session_id);
CREATE FUNCTION charge_reversal_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'reversal % stands', OLD.id;
END $$;
CREATE TRIGGER charge_reversal_stands BEFORE UPDATE OR DELETE ON charge_reversal FOR EACH ROW EXECUTE FUNCTION charge_reversal_stands();

-- The highest correction of a record that has been heard of: whatever comes later with a lower number is old news.
CREATE TABLE session_correction (
  session_id text PRIMARY KEY,
  correction integer NOT NULL,
  outcome    text NOT NULL CHECK (outcome IN ('corrected', 'withdrawn')),
  reason     text NOT NULL,
  applied_at timestamptz(3) NOT NULL
);

-- A closed draft is what was invoiced: it takes no more lines and loses none. What comes later goes into the next one.
ALTER TABLE invoice_draft ADD COLUMN closed_at timestamptz(3);
DROP INDEX invoice_draft_contract_ref_month_tax_country_currency_key;
CREATE UNIQUE INDEX invoice_draft_open ON invoice_draft (contract_ref, month, tax_country, currency) WHERE closed_at IS NULL;

-- A credit takes back a line of a closed draft.
ALTER TABLE invoice_draft_line
  ADD COLUMN kind              text NOT NULL DEFAULT 'charge' CHECK (kind IN ('charge', 'credit')),
  ADD COLUMN credited_draft_id text,
  DROP CONSTRAINT invoice_draft_line_pkey,
  ADD PRIMARY KEY (charge_id, kind);

-- Numbers each price as it is written: a charge knows whether there is one that it has not seen.
CREATE SEQUENCE operator_price_revision;
ALTER TABLE operator_price ADD COLUMN revision bigint NOT NULL DEFAULT nextval('operator_price_revision');

-- Charges from before: the operator of their EVSE, else the one that the record names. They have seen no price yet.
UPDATE charge SET cost_operator_key = CASE WHEN named.operator ~ '^[A-Z]' THEN regexp_replace(named.operator, '[*-]', '', 'g')
  ELSE replace(named.operator, '+', '') END
FROM (SELECT charge.id, upper(trim(coalesce(evse.operator_id, charge.record ->> 'operatorId'))) AS operator
      FROM charge LEFT JOIN evse USING (evse_key) WHERE charge.state = 'rated' AND charge.cost_net IS NULL) AS named
WHERE named.id = charge.id;
