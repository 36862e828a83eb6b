"""The third migration: what a person has said of licenses: adopted, unlinked, protected."""

from __future__ import annotations

THIRD = (
    # Licenses taken over in one go; kept when they are given back, as the journal is.
    """
    CREATE TABLE adoption (
        id INTEGER PRIMARY KEY,
        remote TEXT NOT NULL,
        run TEXT NOT NULL,
        at TEXT NOT NULL,
        licenses INTEGER NOT NULL CHECK (licenses > 0),
        undone_at TEXT
    ) STRICT
    """,
    # adoption: the one that made the link, nothing where we have bought, found or linked the license itself.
    "ALTER TABLE link ADD COLUMN adoption INTEGER REFERENCES adoption (id)",
    "CREATE INDEX link_adoption ON link (adoption) WHERE adoption IS NOT NULL",
    # Unlinked by hand: no rule links it again. It holds while the license has no link.
    """
    CREATE TABLE unlinked (
        remote TEXT NOT NULL,
        license TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (remote, license)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE protection (
        remote TEXT NOT NULL,
        license TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (remote, license)
    ) STRICT, WITHOUT ROWID
    """,
)
