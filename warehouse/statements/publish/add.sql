-- A copy is about to be handed to readers.
insert into publishes values ($publish_id, $now, $schema_version, $row_counts)
