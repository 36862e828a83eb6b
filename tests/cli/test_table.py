"""Tables as lines: they fit, and their columns stay where they are, whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cpbillmgr.cli.terminal.table import GAP, NARROWEST, Column, table_lines
from cpbillmgr.cli.terminal.text import harmless

COLUMNS = (Column("id"), Column("name", wraps=True), Column("cost", right=True))


def lines_of(*rows: tuple[str, str, str], room: int | None = None) -> list[str]:
    return [line for lines in table_lines(COLUMNS, rows, room) for line in lines]


@pytest.mark.parametrize("room", [None, 80])
def test_a_table_with_room_is_as_wide_as_what_is_in_it(room: int | None) -> None:
    assert lines_of(("1", "web", "4.00"), ("22", "w", "40.00"), room=room) == [
        "id  name   cost",
        "1   web    4.00",
        "22  w     40.00",
    ]


def test_wide_characters_and_marks_on_others_do_not_shift_a_column() -> None:
    assert lines_of(("1", "東京", "4.00"), ("2", "e\u0301", "4.00")) == [
        "id  name  cost",
        "1   東京  4.00",
        "2   e\u0301     4.00",
    ]


def test_a_long_text_is_folded_between_its_words() -> None:
    assert lines_of(("1", "a server with a long name", "4.00"), room=24) == [
        "id  name            cost",
        "1   a server with   4.00",
        "    a long name",
    ]


def test_only_when_those_that_wrap_are_narrow_the_others_are_folded_too() -> None:
    assert lines_of(("1234567890", "with a name", "4.00"), room=22) == [
        "id       name     cost",
        "1234567  with a   4.00",
        "890      name",
    ]


@given(
    st.lists(st.tuples(*[st.text(max_size=40).map(harmless)] * 3), min_size=1, max_size=4),
    st.integers(3 * NARROWEST + 2 * GAP, 100),
)
def test_whatever_is_in_it_no_line_is_wider_than_the_room(
    rows: list[tuple[str, str, str]], room: int
) -> None:
    assert max(map(cell_len, lines_of(*rows, room=room))) <= room
