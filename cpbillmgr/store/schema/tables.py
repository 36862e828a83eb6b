"""The tables, as the migrations make them. Times and days are ISO 8601 text (UTC), amounts are exact text."""

from __future__ import annotations

from cpbillmgr.store.schema.version_1 import FIRST
from cpbillmgr.store.schema.version_2 import SECOND
from cpbillmgr.store.schema.version_3 import THIRD
from cpbillmgr.store.schema.version_4 import FOURTH
from cpbillmgr.store.schema.version_5 import FIFTH
from cpbillmgr.store.schema.version_6 import SIXTH
from cpbillmgr.store.schema.version_7 import SEVENTH
from cpbillmgr.store.schema.version_8 import EIGHTH

MIGRATIONS: tuple[tuple[str, ...], ...] = (FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH)
"""The statements of each migration; the first one's number is 1."""
