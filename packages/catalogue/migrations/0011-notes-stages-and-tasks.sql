-- What people write beside a run; no number depends on it.
ALTER TABLE run
  ADD COLUMN note text NOT NULL DEFAULT '',
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}';

-- Every change of a model's stage, by whom and why; the newest row is the stage that it is in.
CREATE TABLE model_promotion (
  id uuid PRIMARY KEY,
  model_id uuid NOT NULL REFERENCES model (id),
  stage text NOT NULL CHECK (stage IN ('none', 'candidate', 'production', 'retired')),
  reason text NOT NULL,
  -- The name of the token, or 'loopback'.
  promoted_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX model_promotion_by_model ON model_promotion (model_id, id);

-- Label rules that people saved. Every version stays; a dataset holds its own copy of the rule that it was frozen under.
CREATE TABLE task_version (
  name text NOT NULL,
  version integer NOT NULL,
  task jsonb NOT NULL,
  saved_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (name, version)
);
