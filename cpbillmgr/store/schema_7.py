"""The seventh migration: how far certificates have come."""

from __future__ import annotations

SEVENTH = ("ALTER TABLE license ADD COLUMN issue TEXT",)
