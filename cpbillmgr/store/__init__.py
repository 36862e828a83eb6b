"""Remembers, in one SQLite file: services, licenses as last seen, links, the journal, the lock."""
