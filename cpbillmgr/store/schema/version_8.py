"""The eighth migration: the panel's license that a module was ordered for."""

from __future__ import annotations

EIGHTH = ("ALTER TABLE operation ADD COLUMN panel TEXT",)
