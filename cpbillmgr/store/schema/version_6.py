"""The sixth migration: our catalogue, made from the remote's price list, and the panels that we name."""

from __future__ import annotations

SIXTH = (
    # id: the remote's. name, prices (JSON by remote period, in currency), enabled, rate: ours.
    # theirs: what the remote sells, as last read (JSON). rate: nothing in the remote's own currency.
    """
    CREATE TABLE tariff (
        remote TEXT NOT NULL,
        id INTEGER NOT NULL,
        product_type TEXT NOT NULL,
        name TEXT NOT NULL,
        prices TEXT NOT NULL,
        currency TEXT NOT NULL,
        rate TEXT,
        enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
        gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
        theirs TEXT NOT NULL,
        read_at TEXT NOT NULL,
        PRIMARY KEY (remote, id)
    ) STRICT, WITHOUT ROWID
    """,
    # active: ours. A resource that the remote has no more stays, so that it is known when it comes back.
    """
    CREATE TABLE tariff_resource (
        remote TEXT NOT NULL,
        tariff INTEGER NOT NULL,
        id INTEGER NOT NULL,
        active INTEGER NOT NULL CHECK (active IN (0, 1)),
        gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
        theirs TEXT NOT NULL,
        PRIMARY KEY (remote, tariff, id),
        FOREIGN KEY (remote, tariff) REFERENCES tariff (remote, id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID
    """,
    # prices: JSON by the months that a service is sold for.
    """
    CREATE TABLE enumeration_value (
        remote TEXT NOT NULL,
        name TEXT NOT NULL,
        tariff INTEGER NOT NULL,
        prices TEXT NOT NULL,
        PRIMARY KEY (remote, name)
    ) STRICT, WITHOUT ROWID
    """,
)
