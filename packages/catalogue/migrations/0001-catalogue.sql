-- The catalogue is the truth; JetStream is the transport. Blobs live in the blob store under their sha256.

CREATE TABLE collection (
  id uuid PRIMARY KEY,
  -- The same source and name asked for twice is the same collection, so that nothing is harvested twice.
  source text NOT NULL CHECK (source IN ('openi', 'dump', 'folder', 'dicom')),
  name text NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('dataset', 'prediction', 'features')),
  request jsonb NOT NULL,
  state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'harvesting', 'harvested', 'failed')),
  synthetic boolean NOT NULL DEFAULT false,
  expected integer,
  message text,
  -- With what the extractor last computed features for this collection; null before its first image is through.
  weights text,
  numerics text,
  created_at timestamptz NOT NULL DEFAULT now(),
  harvested_at timestamptz,
  UNIQUE (source, name)
);

-- One image = one record of one source. Two records with equal bytes are two images that share their blobs.
CREATE TABLE image (
  id uuid PRIMARY KEY,
  collection_id uuid NOT NULL REFERENCES collection (id),
  external_id text NOT NULL,
  original_sha256 text NOT NULL,
  media_type text NOT NULL,
  byte_length integer NOT NULL CHECK (byte_length >= 0),
  as_prepared boolean NOT NULL DEFAULT false,
  synthetic boolean NOT NULL DEFAULT false,
  -- Salted hash or the source's own pseudonym; never a name.
  patient text NOT NULL,
  view text NOT NULL DEFAULT 'unknown' CHECK (view IN ('frontal', 'lateral', 'unknown')),
  source_url text,
  licence text,
  labels jsonb NOT NULL DEFAULT '{}',
  report text,
  attributes jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (collection_id, external_id)
);
CREATE INDEX image_by_original ON image (original_sha256);
CREATE INDEX image_by_patient ON image (patient);
CREATE INDEX image_by_creation ON image (created_at, id);
CREATE INDEX image_by_collection ON image (collection_id, id);

CREATE TABLE image_rejection (
  image_id uuid PRIMARY KEY REFERENCES image (id),
  reason text NOT NULL,
  message text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE prepared_image (
  image_id uuid PRIMARY KEY REFERENCES image (id),
  prepared_sha256 text NOT NULL,
  preprocessing text NOT NULL,
  -- Of the decoded original, in pixels.
  width integer NOT NULL,
  height integer NOT NULL,
  -- The 15 grey statistics of the network input, in the order of evaluation's no-network baseline.
  grey_statistics real[] NOT NULL,
  quality jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX prepared_by_content ON prepared_image (prepared_sha256, preprocessing);

-- Content-keyed: the same input, backbone, weights and numerics is computed once.
CREATE TABLE feature (
  prepared_sha256 text NOT NULL,
  backbone text NOT NULL,
  weights text NOT NULL,
  preprocessing text NOT NULL,
  numerics text NOT NULL,
  feature_sha256 text NOT NULL,
  engine text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (prepared_sha256, backbone, weights, preprocessing, numerics)
);

CREATE TABLE backbone_weights (
  weights text PRIMARY KEY,
  backbone text NOT NULL,
  trained boolean NOT NULL,
  origin text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE dataset (
  sha256 text PRIMARY KEY,
  task jsonb NOT NULL,
  images integer NOT NULL,
  patients integer NOT NULL,
  per_class jsonb NOT NULL,
  synthetic boolean NOT NULL,
  backbone text NOT NULL,
  weights text NOT NULL,
  numerics text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE dataset_member (
  dataset_sha256 text NOT NULL REFERENCES dataset (sha256),
  position integer NOT NULL,
  image_id uuid NOT NULL REFERENCES image (id),
  label integer NOT NULL,
  patient text NOT NULL,
  feature_sha256 text NOT NULL,
  -- One entry per repeat: the fold in which the image is tested; -1 = never tested.
  folds smallint[] NOT NULL,
  PRIMARY KEY (dataset_sha256, position)
);
CREATE INDEX dataset_member_by_image ON dataset_member (image_id);

CREATE TABLE run (
  id uuid PRIMARY KEY,
  settings jsonb NOT NULL,
  task_name text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'requested', 'training', 'trained', 'evaluated', 'failed')),
  message text,
  dataset_sha256 text REFERENCES dataset (sha256),
  synthetic boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE INDEX run_by_state ON run (state) WHERE state = 'waiting';
CREATE INDEX run_by_creation ON run (created_at DESC, id);

CREATE TABLE run_collection (
  run_id uuid NOT NULL REFERENCES run (id),
  collection_id uuid NOT NULL REFERENCES collection (id),
  PRIMARY KEY (run_id, collection_id)
);

-- Every trained epoch of every network of a run: the folds' and the delivered model's.
CREATE TABLE epoch (
  run_id uuid NOT NULL REFERENCES run (id),
  -- -1 = the delivered model; otherwise repeat * folds + fold.
  fold integer NOT NULL,
  member integer NOT NULL,
  epoch integer NOT NULL,
  loss double precision NOT NULL,
  PRIMARY KEY (run_id, fold, member, epoch)
);

CREATE TABLE checkpoint (
  run_id uuid NOT NULL REFERENCES run (id),
  fold integer NOT NULL,
  member integer NOT NULL,
  epoch integer NOT NULL,
  sha256 text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, fold, member, epoch)
);

-- Content-keyed by dataset, settings and seed: the same model is trained once.
CREATE TABLE model (
  id uuid PRIMARY KEY,
  content_key text NOT NULL UNIQUE,
  sha256 text NOT NULL,
  dataset_sha256 text NOT NULL REFERENCES dataset (sha256),
  -- Classes, head, backbone, weights, preprocessing, numerics, hyper-parameters: all that scoring needs to be right.
  card jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE run_model (
  run_id uuid PRIMARY KEY REFERENCES run (id),
  model_id uuid NOT NULL REFERENCES model (id)
);
CREATE INDEX run_model_by_model ON run_model (model_id);

-- Scores of images by networks that never saw their patient.
CREATE TABLE test_score (
  model_id uuid NOT NULL REFERENCES model (id),
  image_id uuid NOT NULL REFERENCES image (id),
  repeat smallint NOT NULL,
  fold smallint NOT NULL,
  label integer NOT NULL,
  probabilities double precision[] NOT NULL,
  PRIMARY KEY (model_id, repeat, image_id)
);
CREATE INDEX test_score_by_image ON test_score (image_id);

CREATE TABLE evaluation (
  run_id uuid PRIMARY KEY REFERENCES run (id),
  model_id uuid NOT NULL REFERENCES model (id),
  report jsonb NOT NULL,
  report_sha256 text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE metric (
  run_id uuid NOT NULL REFERENCES run (id),
  name text NOT NULL,
  value double precision,
  low double precision,
  high double precision,
  PRIMARY KEY (run_id, name)
);
CREATE INDEX metric_by_name ON metric (name, value);

CREATE TABLE prediction_job (
  id uuid PRIMARY KEY,
  model_id uuid NOT NULL REFERENCES model (id),
  collection_id uuid NOT NULL REFERENCES collection (id),
  state text NOT NULL CHECK (state IN ('waiting', 'requested', 'done', 'failed')),
  message text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX prediction_job_waiting ON prediction_job (state) WHERE state = 'waiting';

CREATE TABLE prediction (
  job_id uuid NOT NULL REFERENCES prediction_job (id),
  image_id uuid NOT NULL REFERENCES image (id),
  -- Exactly one of the two is given.
  probabilities double precision[],
  abstained text,
  PRIMARY KEY (job_id, image_id),
  CHECK ((probabilities IS NULL) <> (abstained IS NULL))
);
CREATE INDEX prediction_by_image ON prediction (image_id);

-- The outbox, and the long memory for replay: rows are kept.
CREATE TABLE event (
  id uuid PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  subject text NOT NULL,
  -- The image, run or model that the event is about.
  about text,
  envelope jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  stream text,
  stream_sequence bigint,
  -- How often a person or the sweeper had it published anew; part of the message id from 1 on, so that the broker takes it again.
  redrives integer NOT NULL DEFAULT 0
);
CREATE INDEX event_unpublished ON event (sequence) WHERE published_at IS NULL;
CREATE INDEX event_by_subject ON event (subject, sequence);
CREATE INDEX event_by_about ON event (about, sequence);
CREATE INDEX event_by_stream ON event (stream, stream_sequence);

CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY outbox;
  RETURN NULL;
END $$;
CREATE TRIGGER event_wakes_relay AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();

-- An effect happens once per consumer and event, however often the event is delivered.
CREATE TABLE inbox (
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  -- The nil uuid for live work; a replay's id otherwise.
  replay_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id, replay_id)
);

CREATE TABLE job_attempt (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer text NOT NULL,
  event_id text NOT NULL,
  delivery integer NOT NULL,
  error text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX job_attempt_by_event ON job_attempt (event_id);

CREATE TABLE dead_letter (
  id uuid PRIMARY KEY,
  consumer text NOT NULL,
  subject text NOT NULL,
  event_id text,
  stream text,
  stream_sequence bigint,
  reason text NOT NULL CHECK (reason IN ('poison', 'max-deliveries')),
  message text NOT NULL,
  deliveries integer NOT NULL,
  body text,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'redriven', 'discarded')),
  resolution text,
  created_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  UNIQUE (consumer, stream, stream_sequence)
);
CREATE INDEX dead_letter_by_state ON dead_letter (state, created_at DESC);
CREATE INDEX dead_letter_by_event ON dead_letter (event_id);

-- What the relay knew of each stream when it last looked, to notice a broker that lost its store.
CREATE TABLE stream_state (
  stream text PRIMARY KEY,
  created text NOT NULL,
  last_sequence bigint NOT NULL,
  observed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_token (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'operator')),
  sha256 text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz
);
