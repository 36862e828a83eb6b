"""The tables, one migration for each version."""
