-- What the judgements taught last.
select learned_at, lesson, refused from lessons
order by learned_at desc limit 1
