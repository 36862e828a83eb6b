"""How anything is written: tables, progress, JSON, errors, and text made harmless."""
