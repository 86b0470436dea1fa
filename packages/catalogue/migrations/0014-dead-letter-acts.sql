-- Who re-drove or discarded dead letters, when and why. One act may take many letters; a letter is closed by one act.
CREATE TABLE dead_letter_act (
  id uuid PRIMARY KEY,
  act text NOT NULL CHECK (act IN ('redrive', 'discard')),
  -- The name of the token, or 'loopback' where nobody is asked.
  who text NOT NULL,
  reason text NOT NULL,
  -- The filter by which the letters were chosen; null when they were named one by one.
  matching jsonb,
  letters integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE dead_letter ADD COLUMN act_id uuid REFERENCES dead_letter_act (id);
CREATE INDEX dead_letter_by_act ON dead_letter (act_id);
CREATE INDEX dead_letter_by_creation ON dead_letter (created_at DESC, id DESC);
CREATE INDEX dead_letter_by_consumer ON dead_letter (consumer, created_at DESC, id DESC);
CREATE INDEX dead_letter_by_subject ON dead_letter (subject, created_at DESC, id DESC);

-- The log of one stream, in the order of the outbox.
CREATE INDEX event_by_stream_order ON event (stream, sequence);

-- A process of ours from its start to its end. It says every few seconds that it lives; silence is an end nobody announced.
CREATE TABLE service_instance (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  version text NOT NULL,
  host text NOT NULL,
  pid integer NOT NULL,
  -- What it computes with and why that was chosen; null where it computes nothing of this kind.
  engine text,
  engine_reason text,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  -- 'ok', or what its own checks say is wrong.
  health text NOT NULL DEFAULT 'ok',
  stopped_at timestamptz
);
CREATE INDEX service_instance_by_start ON service_instance (started_at DESC, id DESC);
CREATE INDEX service_instance_by_sight ON service_instance (seen_at DESC);
