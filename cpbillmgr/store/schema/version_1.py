"""The first tables: services, licenses and looks, links, and the journal with its history."""

from __future__ import annotations

from cpbillmgr.store.sqlite.database import APPLICATION_ID

OPERATION_INDEXES = (
    # One open operation for each child, and one for each license.
    """
    CREATE UNIQUE INDEX operation_open_child ON operation (remote, service, addon)
    WHERE state NOT IN ('done', 'failed')
    """,
    """
    CREATE UNIQUE INDEX operation_open_license ON operation (remote, license)
    WHERE state NOT IN ('done', 'failed') AND license IS NOT NULL
    """,
    # What a run has spent is added up before each paid call.
    """
    CREATE INDEX operation_spent ON operation (run, currency, cost)
    WHERE state IN ('sent', 'in doubt', 'done', 'manual') AND cost IS NOT NULL
    """,
)

MOVE_RULES = (
    "CREATE INDEX operation_move_operation ON operation_move (operation)",
    """
    CREATE TRIGGER operation_move_is_never_changed BEFORE UPDATE ON operation_move
    BEGIN SELECT RAISE(ABORT, 'the journal of moves is append-only'); END
    """,
    """
    CREATE TRIGGER operation_move_is_never_deleted BEFORE DELETE ON operation_move
    BEGIN SELECT RAISE(ABORT, 'the journal of moves is append-only'); END
    """,
)

FIRST = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    """
    CREATE TABLE migration (
        number INTEGER PRIMARY KEY,
        applied_at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE service (
        id TEXT PRIMARY KEY CHECK (id <> ''),
        type TEXT NOT NULL,
        name TEXT NOT NULL,
        ip TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('ordered', 'active', 'suspended', 'deleted', 'processing')),
        tariff INTEGER,
        period INTEGER,
        months INTEGER,
        expires TEXT
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE addon (
        service TEXT NOT NULL REFERENCES service (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL CHECK (name <> ''),
        kind TEXT NOT NULL CHECK (kind IN ('enumeration', 'logic')),
        value TEXT NOT NULL,
        id INTEGER,
        nodes INTEGER CHECK (nodes > 0),
        PRIMARY KEY (service, position),
        UNIQUE (service, name)
    ) STRICT, WITHOUT ROWID
    """,
    # A license as last seen. Its key is never stored. gone_at: since when the remote's list lacks it.
    """
    CREATE TABLE license (
        remote TEXT NOT NULL,
        id TEXT NOT NULL CHECK (id <> ''),
        name TEXT NOT NULL,
        ip TEXT NOT NULL,
        tariff INTEGER,
        tariff_name TEXT NOT NULL,
        period INTEGER,
        status TEXT NOT NULL CHECK (status IN ('ordered', 'active', 'suspended', 'deleted', 'processing')),
        expires TEXT,
        ip_changed TEXT,
        key_changed TEXT,
        autoprolong TEXT NOT NULL,
        cost TEXT,
        currency TEXT,
        remoteid TEXT,
        addons TEXT,
        gone_at TEXT,
        PRIMARY KEY (remote, id),
        CHECK ((cost IS NULL) = (currency IS NULL))
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE look (
        remote TEXT PRIMARY KEY,
        at TEXT NOT NULL,
        licenses INTEGER NOT NULL CHECK (licenses >= 0),
        agreed_at TEXT
    ) STRICT
    """,
    # No license is linked to two children, no child to two licenses of one remote.
    """
    CREATE TABLE link (
        remote TEXT NOT NULL,
        license TEXT NOT NULL,
        service TEXT NOT NULL,
        addon TEXT NOT NULL,
        because TEXT NOT NULL,
        linked_at TEXT NOT NULL,
        PRIMARY KEY (remote, license),
        UNIQUE (remote, service, addon),
        FOREIGN KEY (remote, license) REFERENCES license (remote, id)
    ) STRICT
    """,
    """
    CREATE TABLE operation (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL,
        action TEXT NOT NULL CHECK (
            action IN ('link', 'take', 'order', 'renew', 'release', 'move', 'change-tariff')
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
        CHECK ((cost IS NULL) = (currency IS NULL)),
        CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL))
    ) STRICT
    """,
    *OPERATION_INDEXES,
    # Licenses of the pool that the remote would not hand out, when last asked.
    """
    CREATE TABLE refusal (
        remote TEXT NOT NULL,
        license TEXT NOT NULL,
        at TEXT NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (remote, license)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE operation_move (
        id INTEGER PRIMARY KEY,
        operation INTEGER NOT NULL REFERENCES operation (id),
        at TEXT NOT NULL,
        from_state TEXT,
        to_state TEXT NOT NULL,
        why TEXT NOT NULL
    ) STRICT
    """,
    *MOVE_RULES,
)
