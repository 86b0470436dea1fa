-- How the networks of a run are trained (form, reason, engine), said before the first step; null for a head without networks.
ALTER TABLE run ADD COLUMN training jsonb;
