-- What the folds of a dataset share between training and test, a sentence each: only where somebody allowed it.
ALTER TABLE dataset ADD COLUMN leaks text[] NOT NULL DEFAULT '{}';
