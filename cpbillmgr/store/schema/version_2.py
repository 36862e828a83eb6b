"""The second migration: more operations, events, what a person was told, calls of hooks that wait."""

from __future__ import annotations

from cpbillmgr.store.schema.version_1 import MOVE_RULES, OPERATION_INDEXES

SECOND = (
    # More kinds, and why one failed (the error's kind). SQLite cannot widen a CHECK: the journal is new.
    """
    CREATE TABLE operation_2 (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL,
        action TEXT NOT NULL CHECK (
            action IN ('link', 'take', 'order', 'renew', 'suspend', 'resume', 'release', 'delete', 'edit',
                'newkey', 'move', 'change-tariff')
        ),
        remote TEXT NOT NULL,
        service TEXT NOT NULL,
        addon TEXT NOT NULL,
        tariff INTEGER NOT NULL,
        period INTEGER NOT NULL,
        nodes INTEGER,
        ip TEXT NOT NULL,
        name TEXT NOT NULL,
        remoteid TEXT NOT NULL,
        because TEXT NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('planned', 'sent', 'in doubt', 'absent', 'manual', 'done', 'failed')),
        license TEXT,
        cost TEXT,
        currency TEXT,
        steps TEXT NOT NULL,
        sends INTEGER NOT NULL CHECK (sends >= 0),
        error TEXT NOT NULL,
        planned_at TEXT NOT NULL,
        sent_at TEXT,
        abandoned_at TEXT,
        missed_at TEXT,
        ended_at TEXT,
        expires_before TEXT,
        failure TEXT NOT NULL,
        CHECK ((cost IS NULL) = (currency IS NULL)),
        CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL))
    ) STRICT
    """,
    "INSERT INTO operation_2 SELECT *, '' FROM operation",
    """
    CREATE TABLE operation_move_2 (
        id INTEGER PRIMARY KEY,
        operation INTEGER NOT NULL REFERENCES operation_2 (id),
        at TEXT NOT NULL,
        from_state TEXT,
        to_state TEXT NOT NULL,
        why TEXT NOT NULL
    ) STRICT
    """,
    "INSERT INTO operation_move_2 SELECT * FROM operation_move",
    "DROP TABLE operation_move",
    "DROP TABLE operation",
    "ALTER TABLE operation_2 RENAME TO operation",
    "ALTER TABLE operation_move_2 RENAME TO operation_move",
    *OPERATION_INDEXES,
    *MOVE_RULES,
    "CREATE INDEX operation_license ON operation (remote, license)",
    "CREATE INDEX operation_child ON operation (remote, service, addon)",
    # followed: which state of its service the license was last made to have, or was seen to have.
    "ALTER TABLE link ADD COLUMN followed TEXT CHECK (followed IN ('active', 'suspended'))",
    # checked_at: the last checkevent; other runs look too, but conclude nothing.
    "ALTER TABLE look ADD COLUMN checked_at TEXT",
    # What was concluded from two looks. operation: ours that explains the change, or nothing when
    # somebody else made it.
    """
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        remote TEXT NOT NULL,
        license TEXT NOT NULL,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        operation INTEGER REFERENCES operation (id)
    ) STRICT
    """,
    "CREATE INDEX event_license ON event (remote, license)",
    "CREATE INDEX event_at ON event (at)",
    # What a person was told, so that it is told once; it goes when it is no longer so.
    """
    CREATE TABLE notice (
        remote TEXT NOT NULL,
        topic TEXT NOT NULL,
        level INTEGER NOT NULL,
        text TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (remote, topic)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE delivery (
        id INTEGER PRIMARY KEY,
        hook TEXT NOT NULL,
        at TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT
    """,
)
