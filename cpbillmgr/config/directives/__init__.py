"""The directive file: words, grammar, and what it says."""
