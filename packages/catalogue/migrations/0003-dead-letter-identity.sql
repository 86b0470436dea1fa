-- A dead letter's id is made from consumer, place and message by whoever gave up, and is the same whoever tells it.
-- The place alone is no identity: a broker that lost its store numbers from 1 again.
ALTER TABLE dead_letter DROP CONSTRAINT dead_letter_consumer_stream_stream_sequence_key;
