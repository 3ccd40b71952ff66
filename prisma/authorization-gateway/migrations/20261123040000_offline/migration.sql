-- The list of each connection at HBS: what we believe of it.
CREATE TABLE authentication_list (
  provider_id    text PRIMARY KEY,
  -- Why nothing but a full load may follow; null: HBS holds what authentication_record says.
  repair         text,
  -- Records that the last push was to leave there, whatever became of it.
  intended       integer NOT NULL DEFAULT 0,
  -- Records at the last full load, and deletions since: what takes away too much waits for a person.
  baseline       integer NOT NULL DEFAULT 0,
  deleted_since  integer NOT NULL DEFAULT 0,
  full_loaded_at timestamptz(3),
  changed_at     timestamptz(3)
);

-- The records that HBS holds, as far as its answers tell. Who they are is in card and contract alone.
CREATE TABLE authentication_record (
  provider_id text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('rfid', 'qr', 'plug-and-charge', 'remote')),
  -- A cardRef (rfid) or a contractRef.
  subject_ref text NOT NULL,
  -- Hash of what besides the identification is in the record (the PIN's hash); empty if nothing is.
  content     text NOT NULL,
  held_since  timestamptz(3) NOT NULL,
  push_id     text NOT NULL,
  PRIMARY KEY (provider_id, kind, subject_ref)
);

-- Records that HBS refuses, left out of pushes until they change.
CREATE TABLE authentication_refusal (
  provider_id text NOT NULL,
  kind        text NOT NULL,
  subject_ref text NOT NULL,
  content     text NOT NULL,
  version     timestamptz(3) NOT NULL,
  status_code text,
  reason      text NOT NULL,
  push_id     text NOT NULL,
  refused_at  timestamptz(3) NOT NULL,
  PRIMARY KEY (provider_id, kind, subject_ref)
);

-- In the order in which they were sent; ids of replicas with different clocks do not tell.
ALTER TABLE authentication_push ADD COLUMN ordinal bigint GENERATED ALWAYS AS IDENTITY;
-- What a person was asked about, and said.
ALTER TABLE authentication_push ADD COLUMN takes_away integer;
ALTER TABLE authentication_push ADD COLUMN decided_by text;
ALTER TABLE authentication_push ADD COLUMN decision_reason text;
ALTER TABLE authentication_push ADD COLUMN decided_at timestamptz(3);
CREATE INDEX authentication_push_provider_id_ordinal_idx ON authentication_push (provider_id, ordinal);
CREATE UNIQUE INDEX authentication_push_waiting ON authentication_push (provider_id) WHERE outcome = 'waiting';
