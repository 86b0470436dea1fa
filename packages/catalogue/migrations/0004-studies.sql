-- Long questions about finished runs, models and collections, and their answers.
CREATE TABLE study (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- The run, model or collection that it is about; its kind knows which.
  about uuid,
  request jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('requested', 'running', 'done', 'failed')),
  progress jsonb,
  message text,
  result jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
-- The same question is asked once, unless it failed.
CREATE UNIQUE INDEX study_by_question ON study (md5(request::text)) WHERE state <> 'failed';
CREATE INDEX study_by_creation ON study (created_at DESC, id);
CREATE INDEX study_by_about ON study (about);
