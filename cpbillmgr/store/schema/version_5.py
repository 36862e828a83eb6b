"""The fifth migration: licenses that take the place of another, moves that came too early."""

from __future__ import annotations

FIFTH = (
    # replaces: the license that the child had before; when this is done, it is to be given up.
    "ALTER TABLE operation ADD COLUMN replaces TEXT",
    "CREATE INDEX operation_replaces ON operation (remote, replaces) WHERE replaces IS NOT NULL",
    """
    CREATE INDEX operation_too_early ON operation (remote, ended_at)
    WHERE action = 'move' AND failure = 'remote-limit'
    """,
    # address: where the license was last seen to stand with its service, so that it is known which one moved.
    "ALTER TABLE link ADD COLUMN address TEXT",
)
