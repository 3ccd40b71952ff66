-- Answers to requests that came with an Idempotency-Key, so that a repeat hears the same instead of doing it again.
CREATE TABLE idempotent_request (
  -- Name of the API key or token: one caller's keys are nothing to another.
  caller        text NOT NULL,
  key           text NOT NULL,
  -- Keyed fingerprint of method, path and body.
  request       text NOT NULL,
  begun_at      timestamptz(3) NOT NULL DEFAULT now(),
  -- Without an answer by then, whoever began it is dead.
  held_until    timestamptz(3) NOT NULL,
  status        integer,
  -- Sealed: an answer may name what a card is of.
  sealed_answer text,
  PRIMARY KEY (caller, key)
);
CREATE INDEX idempotent_request_begun_at_idx ON idempotent_request (begun_at);

-- Files of contracts or cards that were streamed in, with how far they came.
CREATE TABLE bulk_import (
  import_id  text PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('contracts', 'cards')),
  format     text NOT NULL CHECK (format IN ('csv', 'ndjson')),
  state      text NOT NULL CHECK (state IN ('running', 'done', 'interrupted')),
  caller     text NOT NULL,
  started_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Moved with every batch and while waiting for more: a running one that is silent has lost its process.
  heard_at   timestamptz(3) NOT NULL DEFAULT now(),
  ended_at   timestamptz(3),
  -- All up to this line of the file is kept or refused.
  last_line  integer NOT NULL DEFAULT 0,
  read       integer NOT NULL DEFAULT 0,
  kept       integer NOT NULL DEFAULT 0,
  changed    integer NOT NULL DEFAULT 0,
  refused    integer NOT NULL DEFAULT 0,
  -- Why it was interrupted.
  detail     text
);
CREATE INDEX bulk_import_started_at_import_id_idx ON bulk_import (started_at, import_id);

CREATE TABLE bulk_import_refusal (
  import_id text NOT NULL,
  line      integer NOT NULL,
  -- What was wrong with which member; never what it said.
  reasons   jsonb NOT NULL,
  PRIMARY KEY (import_id, line),
  CONSTRAINT bulk_import_refusal_import_id_fkey FOREIGN KEY (import_id) REFERENCES bulk_import (import_id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- Lists of contracts and cards: newest first, and what belongs to a customer.
CREATE INDEX contract_registered_at_contract_ref_idx ON contract (registered_at, contract_ref);
CREATE INDEX contract_customer_ref_idx ON contract (customer_ref);
