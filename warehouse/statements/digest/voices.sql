-- Whose voice each name of the gazetteer was at as_of.
select name, voice from voices where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
