-- Moves with every statement on which a count over all images rests. A sequence moves at once, not when the transaction
-- commits: who keeps a count must have looked when nothing was under way (kept-readings.ts).
CREATE SEQUENCE image_change;

CREATE FUNCTION note_image_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM nextval('image_change');
  RETURN NULL;
END $$;

CREATE TRIGGER image_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON image
  FOR EACH STATEMENT EXECUTE FUNCTION note_image_change();
CREATE TRIGGER prepared_image_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON prepared_image
  FOR EACH STATEMENT EXECUTE FUNCTION note_image_change();
CREATE TRIGGER image_rejection_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON image_rejection
  FOR EACH STATEMENT EXECUTE FUNCTION note_image_change();
CREATE TRIGGER feature_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON feature
  FOR EACH STATEMENT EXECUTE FUNCTION note_image_change();
CREATE TRIGGER collection_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON collection
  FOR EACH STATEMENT EXECUTE FUNCTION note_image_change();
CREATE TRIGGER dead_letter_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON dead_letter
  FOR EACH STATEMENT EXECUTE FUNCTION note_image_change();
