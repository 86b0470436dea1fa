-- Every foreign key is also followed backwards: the runs of a dataset, the jobs of a model, the evaluations of a model.
CREATE INDEX evaluation_by_model ON evaluation (model_id);
CREATE INDEX model_by_dataset ON model (dataset_sha256);
CREATE INDEX prediction_job_by_model ON prediction_job (model_id);
CREATE INDEX prediction_job_by_collection ON prediction_job (collection_id);
CREATE INDEX run_by_dataset ON run (dataset_sha256);
CREATE INDEX run_collection_by_collection ON run_collection (collection_id);
