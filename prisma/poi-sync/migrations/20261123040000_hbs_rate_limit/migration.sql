-- Of @emp/hbs-client: what all replicas share about HBS.
CREATE TABLE hbs_rate_limit (
  bucket  text PRIMARY KEY,
  full_at timestamptz NOT NULL
);
