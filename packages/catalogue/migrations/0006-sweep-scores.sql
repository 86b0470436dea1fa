-- What a sweep has scored so far, so that one that is broken off goes on where it stood. Gone once the run has its model.
CREATE TABLE sweep_score (
  run_id uuid NOT NULL REFERENCES run (id),
  -- Place among the settings of the sweep, in the order of its table.
  setting integer NOT NULL,
  -- Outer folds first, then the pairs of folds of the inner cross-validation.
  fold integer NOT NULL,
  -- Of the tested images in the order of the plan, [images, classes].
  probabilities double precision[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, setting, fold)
);
