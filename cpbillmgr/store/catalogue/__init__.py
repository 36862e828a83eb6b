"""Our catalogue: local tariffs, and the panels that we name."""
