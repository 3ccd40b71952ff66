-- What all replicas of a service share about HBS (libs/hbs-client). Kept idempotent: `ensureHbsTables` runs it at start.

CREATE TABLE IF NOT EXISTS hbs_rate_limit (
  -- "<host>|<provider>|<operation>"
  bucket   text PRIMARY KEY,
  -- When the bucket would be full again (generic cell rate algorithm).
  full_at  timestamptz NOT NULL
);
