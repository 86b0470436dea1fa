-- How the scores of a model are read: temperature, operating point, guard against unlike images.
CREATE TABLE scoring_profile (
  model_id uuid PRIMARY KEY REFERENCES model (id),
  profile jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Whether images that the model should not judge are scored all the same.
ALTER TABLE prediction_job ADD COLUMN anyway boolean NOT NULL DEFAULT false;

ALTER TABLE prediction
  -- As the network gave them; null in rows from before there were temperatures, which are uncalibrated themselves.
  ADD COLUMN uncalibrated double precision[],
  ADD COLUMN novelty double precision,
  ADD COLUMN caution text,
  -- Of an abstention.
  ADD COLUMN reason text CHECK (reason IN ('unfit', 'view', 'unlike'));
UPDATE prediction SET reason = 'unfit' WHERE abstained IS NOT NULL;
ALTER TABLE prediction ADD CHECK ((abstained IS NULL) = (reason IS NULL));
