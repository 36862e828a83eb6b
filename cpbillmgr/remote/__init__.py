"""Speaks to the remote billing, and is the only room that knows how it spells things."""
