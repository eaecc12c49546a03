-- A digest as told.
insert into digests by name
select unnest(from_json_strict($rows,
  '[{"digest_id":"VARCHAR","digest_day":"DATE","window_from":"TIMESTAMPTZ","window_to":"TIMESTAMPTZ",
     "known_after":"TIMESTAMPTZ","as_of":"TIMESTAMPTZ","publish_id":"BIGINT","composed_at":"TIMESTAMPTZ",
     "composer":"VARCHAR","content":"JSON","edition":"VARCHAR"}]'), max_depth := 2)
