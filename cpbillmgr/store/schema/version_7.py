"""The seventh migration: how far certificates have come, and amounts of more than nodes."""

from __future__ import annotations

SEVENTH = (
    "ALTER TABLE license ADD COLUMN issue TEXT",
    # amounts: JSON, pairs of a counted resource (its id or its internal name) and how many.
    "ALTER TABLE addon ADD COLUMN amounts TEXT NOT NULL DEFAULT '[]'",
    # amounts: JSON, pairs of the remote's add-on id and how many; nodes are among them.
    "ALTER TABLE operation ADD COLUMN amounts TEXT NOT NULL DEFAULT '[]'",
    # Which add-on counted the nodes of an operation: as our catalogue has it, else as it is publicly known,
    # else 0, which is none: an open one is not what its child asks for then, and a person decides.
    """
    UPDATE operation SET amounts = json_array(json_array(coalesce(
        (SELECT json_extract(theirs, '$.nodes.id') FROM tariff
            WHERE tariff.remote = operation.remote AND tariff.id = operation.tariff),
        CASE tariff WHEN 3045 THEN 3049 WHEN 3651 THEN 3698 WHEN 3887 THEN 3889 WHEN 4601 THEN 4602
            WHEN 55163 THEN 55165 WHEN 55230 THEN 55236 ELSE 0 END
    ), nodes)) WHERE nodes IS NOT NULL
    """,
    "ALTER TABLE operation DROP COLUMN nodes",
    # What counts nodes is a resource as any other that is counted.
    """
    UPDATE tariff SET theirs = json_set(theirs, '$.nodes.name', 'nodes', '$.nodes.kind', 'amount',
        '$.nodes.values', json_array(), '$.nodes.intname', '')
    WHERE json_type(theirs, '$.nodes') = 'object'
    """,
    "UPDATE tariff_resource SET theirs = json_set(theirs, '$.intname', '', '$.minimum', 0)",
)
