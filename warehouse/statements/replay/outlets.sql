-- Language and rights of every outlet: what is known beforehand of a page of its site.
select outlet_id, language, rights from latest_outlets
