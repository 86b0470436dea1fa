-- A score that is not a number has no mean: it is written all the same, so that its evaluation can name it.
CREATE OR REPLACE FUNCTION keep_mean_scores() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM mean_score USING changed
  WHERE mean_score.model_id = changed.model_id AND mean_score.image_id = changed.image_id;
  INSERT INTO mean_score
  SELECT model_id, image_id, label, probabilities, predicted, predicted = label,
    probabilities[cardinality(probabilities)], 1 - probabilities[predicted + 1]
  FROM (
    SELECT model_id, image_id, min(mean.label) AS label, array_agg(mean.p ORDER BY mean.i) AS probabilities,
      (array_agg(mean.i ORDER BY mean.p DESC, mean.i))[1]::int - 1 AS predicted
    FROM (
      SELECT test_score.model_id, test_score.image_id, one.i, avg(one.p) AS p, min(test_score.label) AS label
      FROM (SELECT DISTINCT model_id, image_id FROM changed) AS pair
      JOIN test_score ON test_score.model_id = pair.model_id AND test_score.image_id = pair.image_id
      CROSS JOIN unnest(test_score.probabilities) WITH ORDINALITY AS one (p, i)
      GROUP BY test_score.model_id, test_score.image_id, one.i
    ) AS mean
    GROUP BY model_id, image_id
  ) AS score
  WHERE array_position(probabilities, NULL) IS NULL AND NOT 'NaN' = ANY (probabilities)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
