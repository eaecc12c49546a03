"""Stories: an invented press of many languages, and the contestants that put it into stories."""
