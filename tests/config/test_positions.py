from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.config.settings.positions import Path, line_of

TEXT = """\
state = "s"   # 1
types = [     # 2
  "vds",
]
[limits]      # 5
max_orders = 1
"max_spend" = "1"
[[remote]]    # 8
name = "a"

[[remote]]    # 11
  name = "b"
safety.settle_minutes = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("state",), 1),
        (("types", 0), 2),
        (("limits",), 5),
        (("limits", "max_orders"), 6),
        (("limits", "max_spend"), 7),
        (("limits", "missing"), 5),
        (("remote",), 8),
        (("remote", 0, "name"), 9),
        (("remote", 1), 11),
        (("remote", 1, "name"), 12),
        (("remote", 1, "url"), 11),
        (("missing",), None),
        ((), None),
    ],
)
def test_a_key_is_found_or_what_is_nearest_around_it(path: Path, line: int | None) -> None:
    assert line_of(TEXT, path) == line


@given(st.text())
def test_any_text_gives_a_line_within_it_or_none(text: str) -> None:
    assert (line_of(text, ("a",)) or 1) <= max(1, len(text.splitlines()))
