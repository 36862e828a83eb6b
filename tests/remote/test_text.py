from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.remote.text import LONGEST, clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Access denied", "Access denied"),
        ("  two\r\nlines\t ", "two lines"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b2Jgone", "gone"),
        ("title \x1b]0;x\x07", "title ]0;x"),
        ("a\u202etxt.exe\u2066", "atxt.exe"),
        ("zero\u200bwidth\x00", "zerowidth"),
        ("no\u00a0break", "no break"),
        ("Лицензия №1 €", "Лицензия №1 €"),
        ("\ud800half", "half"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * (LONGEST - 1) + "…"),
    ],
)
def test_text_of_the_remote_becomes_one_harmless_line(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text(max_size=2 * LONGEST))
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    line = clean(text)
    assert len(line) <= LONGEST
    assert not any(unicodedata.category(character).startswith(("C", "Zl", "Zp")) for character in line)
    assert clean(line) == line
