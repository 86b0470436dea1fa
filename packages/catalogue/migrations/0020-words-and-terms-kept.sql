-- What an image is searched and filtered by, made once when it is written. As indexes of expressions they were made anew for
-- each image that a list walks over: 12 µs for the words of a report, so that a word of 3,000 images at the far end of
-- 100,000 cost more than a second. Now such a walk costs about a tenth of it.
ALTER TABLE image
  ADD COLUMN terms text[] GENERATED ALWAYS AS (image_terms(labels)) STORED,
  ADD COLUMN words tsvector GENERATED ALWAYS AS (image_words(external_id, report)) STORED;
DROP INDEX image_by_term;
DROP INDEX image_by_words;
CREATE INDEX image_by_term ON image USING gin (terms);
CREATE INDEX image_by_words ON image USING gin (words);
-- New columns have no statistics, by which the planner chooses between these indexes and an order to walk.
ANALYZE image;

-- A cell of the confusion matrix that may have a handful of images in 100,000.
CREATE INDEX mean_score_wrong_by_cell ON mean_score (model_id, label, predicted, image_id) WHERE NOT correct;
