"""Our catalogue: what becomes ours of a price list, what a sync changes, what is not sold."""
