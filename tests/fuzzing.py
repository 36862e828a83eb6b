"""How long a test fuzzes: 2,000 examples in the ordinary run, 100,000 in the profile ``nightly``."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings

fuzzed = settings(max_examples=20 * settings().max_examples, deadline=timedelta(seconds=10))
