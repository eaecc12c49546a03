-- What was learned last with an embedder and prompts.
select learned_at, judged, version, lesson, refused from lessons
where basis = $basis
order by learned_at desc limit 1
