-- The images of a class, tested or only trained on, in the order of a list.
CREATE INDEX dataset_member_by_class ON dataset_member (dataset_sha256, label, ((-1 = ALL (folds))::int), image_id);

-- What a model got wrong, the surest or the least sure first. What it got right is most of what there is: a list meets it soon.
CREATE INDEX mean_score_wrong_by_probability ON mean_score (model_id, last_probability, image_id) WHERE NOT correct;
CREATE INDEX mean_score_wrong_by_uncertainty ON mean_score (model_id, uncertainty, image_id) WHERE NOT correct;
