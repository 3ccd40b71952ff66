-- The few that nobody knows the outcome of, among all that were ever sent.
CREATE INDEX command_unknown ON command (session_id) WHERE state = 'unknown';
