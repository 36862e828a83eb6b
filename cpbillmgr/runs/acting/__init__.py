"""A plan is checked, agreed to and carried out: a row in the journal, one call, its outcome."""
