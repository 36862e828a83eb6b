"""The pretend remote's world: its nouns, its file, its clock and its variants."""
