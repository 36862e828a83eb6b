"""The fourth migration: what each account had when it was last asked, for those who watch over it."""

from __future__ import annotations

FOURTH = (
    """
    CREATE TABLE balance (
        remote TEXT PRIMARY KEY,
        amount TEXT NOT NULL,
        currency TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
