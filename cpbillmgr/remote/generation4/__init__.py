"""The dialect of generation 4: periods are ids, and there is no remote id, no key and no date of a change."""
