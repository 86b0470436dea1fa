-- What a gallery of 100,000 images asks: every filter and every order has an index to walk.

-- The mean over repeats of what a model's networks said of an image they never saw: test_score says it, this keeps it,
-- so that a gallery can be ordered by it. Foreign keys are those of test_score.
CREATE TABLE mean_score (
  model_id uuid NOT NULL,
  image_id uuid NOT NULL,
  label integer NOT NULL,
  probabilities double precision[] NOT NULL,
  -- Index of the most probable class; of equals the first.
  predicted integer NOT NULL,
  correct boolean NOT NULL,
  -- Of the task's last class: of two, the finding.
  last_probability double precision NOT NULL,
  -- 1 - the largest probability.
  uncertainty double precision NOT NULL,
  PRIMARY KEY (model_id, image_id)
);
CREATE INDEX mean_score_by_probability ON mean_score (model_id, last_probability, image_id);
CREATE INDEX mean_score_by_uncertainty ON mean_score (model_id, uncertainty, image_id);
CREATE INDEX mean_score_by_correctness ON mean_score (model_id, correct, image_id);

CREATE FUNCTION mean_score_of(model uuid, image uuid) RETURNS SETOF mean_score LANGUAGE sql STABLE AS $$
  SELECT model, image, label, probabilities, predicted, predicted = label,
    probabilities[cardinality(probabilities)], 1 - probabilities[predicted + 1]
  FROM (
    SELECT min(mean.label) AS label, array_agg(mean.p ORDER BY mean.i) AS probabilities,
      (array_agg(mean.i ORDER BY mean.p DESC, mean.i))[1]::int - 1 AS predicted
    FROM (
      SELECT one.i, avg(one.p) AS p, min(test_score.label) AS label
      FROM test_score CROSS JOIN unnest(test_score.probabilities) WITH ORDINALITY AS one (p, i)
      WHERE test_score.model_id = model AND test_score.image_id = image
      GROUP BY one.i
    ) AS mean
  ) AS score
  WHERE probabilities IS NOT NULL
$$;

CREATE FUNCTION keep_mean_scores() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM mean_score USING changed
  WHERE mean_score.model_id = changed.model_id AND mean_score.image_id = changed.image_id;
  INSERT INTO mean_score
  SELECT mean.* FROM (SELECT DISTINCT model_id, image_id FROM changed ORDER BY model_id, image_id) AS pair
  CROSS JOIN LATERAL mean_score_of(pair.model_id, pair.image_id) AS mean
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER test_score_added AFTER INSERT ON test_score
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_mean_scores();
CREATE TRIGGER test_score_changed AFTER UPDATE ON test_score
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_mean_scores();
CREATE TRIGGER test_score_removed AFTER DELETE ON test_score
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_mean_scores();

INSERT INTO mean_score
SELECT mean.* FROM (SELECT DISTINCT model_id, image_id FROM test_score) AS pair
CROSS JOIN LATERAL mean_score_of(pair.model_id, pair.image_id) AS mean;

-- Everything that a source calls an image, in lower case: its label, the findings it has, its MeSH terms.
CREATE FUNCTION image_terms(labels jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(lower(term)), '{}') FROM (
    SELECT labels ->> 'label' AS term
    UNION ALL SELECT key FROM jsonb_each_text(coalesce(labels -> 'findings', '{}')) WHERE value = 'present'
    UNION ALL SELECT * FROM jsonb_array_elements_text(coalesce(labels -> 'mesh', '[]'))
  ) AS terms WHERE term IS NOT NULL
$$;
CREATE INDEX image_by_term ON image USING gin (image_terms(labels));

-- The words of its file's name and its report; no dictionary: "no effusion" is found by "no".
CREATE FUNCTION image_words(file text, report text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('simple', regexp_replace(file || ' ' || coalesce(report, ''), '[^[:alnum:]]+', ' ', 'g'))
$$;
CREATE INDEX image_by_words ON image USING gin (image_words(external_id, report));

CREATE INDEX image_by_file ON image (external_id, id);
CREATE INDEX image_by_view ON image (view, id);
CREATE INDEX image_by_licence ON image (licence, id);
CREATE INDEX dataset_member_in_dataset ON dataset_member (dataset_sha256, image_id);

-- What the preprocessor remarked; the thresholds are those of the queries.
CREATE INDEX prepared_enlarged ON prepared_image (image_id) WHERE (quality -> 'enlarged') = 'true';
CREATE INDEX prepared_colour ON prepared_image (image_id) WHERE (quality -> 'colour') = 'true';
CREATE INDEX prepared_black ON prepared_image (image_id) WHERE (quality ->> 'blackFraction')::float8 > 0.5;
CREATE INDEX prepared_white ON prepared_image (image_id) WHERE (quality ->> 'whiteFraction')::float8 > 0.25;

-- Small pictures of prepared images, made once; the bytes are in the blob store.
CREATE TABLE thumbnail (
  prepared_sha256 text NOT NULL,
  -- How it was made; another way of making is another row.
  form text NOT NULL,
  sha256 text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (prepared_sha256, form)
);
