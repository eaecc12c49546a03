-- Vectors that no line needs any more.
delete from story_vectors where seen_at < $before
