from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.config.directives.tokens import Line, is_word, read_lines

WORD = st.from_regex(r"[A-Za-z0-9._-]{1,8}", fullmatch=True)
ROWS = st.lists(st.lists(WORD, min_size=1, max_size=4), max_size=6)
COMMENT = st.text(st.characters(exclude_characters="*\n", codec="utf-8"), max_size=12)


def words(text: str) -> list[tuple[str, ...]]:
    lines, problems = read_lines(text, "f")
    assert problems == []
    return [line.words for line in lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Price a 1", [("Price", "a", "1")]),
        ("  Price\t \ta  1\t\n", [("Price", "a", "1")]),
        ("Price a 1\r\nPrice b 2\r\n", [("Price", "a", "1"), ("Price", "b", "2")]),
        ("\ufeffPrice a 1", [("Price", "a", "1")]),
        ("# all\n  // all\n", []),
        ("Price a 1 # rest // of /* it\n", [("Price", "a", "1")]),
        ("Price a 1 // rest\nb", [("Price", "a", "1"), ("b",)]),
        ("Price http://x C#5 a/*b 1", [("Price", "http://x", "C#5", "a/*b", "1")]),
        ("Price /* c */ a /* d */ 1", [("Price", "a", "1")]),
        ("/* one\ntwo */ Price a 1", [("Price", "a", "1")]),
        ("/* one */# two", []),
        ("Price a /* c\nd */ 1", [("Price", "a", "1")]),
        ("# тип \udcff\x00\nPrice тип 1", [("Price", "тип", "1")]),
        ("", []),
    ],
)
def test_a_text_gives_its_words(text: str, expected: list[tuple[str, ...]]) -> None:
    assert words(text) == expected


def test_a_line_has_the_number_of_its_first_word() -> None:
    lines, _ = read_lines("\n/* a\nb */ Price /* c\n\n*/ a 1\n\nb", "f")
    assert lines == [Line(3, ("Price", "a", "1")), Line(7, ("b",))]


def test_a_comment_that_never_ends_is_told_at_the_line_where_it_begins() -> None:
    lines, problems = read_lines("Price a 1\n\n b /* c\nPrice d 2\n", "f")
    assert [line.number for line in lines] == [1, 3]
    assert [(problem.line, problem.message) for problem in problems] == [
        (3, "the comment that begins here never ends")
    ]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("\udcff", "'\\udcff' is not UTF-8 text"),
        ("a\u00a0b", "'a\\xa0b' contains a character that cannot be seen"),
        ("a\u202eb", "'a\\u202eb' contains a character that cannot be seen"),
        ("a\x00", "'a\\x00' contains a character that cannot be seen"),
        ("a" * 256, f"'{'a' * 40}...' is no word: it has 256 characters"),
    ],
)
def test_a_word_that_is_not_what_it_seems_is_a_problem_with_its_line(word: str, message: str) -> None:
    lines, problems = read_lines(f"Price b 1\nPrice {word} 1\n", "f")
    assert [line.number for line in lines] == [1]
    assert [(problem.line, problem.message) for problem in problems] == [(2, message)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Lite", True), ("C#", True), ("5-ISPmanager Lite", False), ("#a", False), ("//a", False), ("", False)],
)
def test_a_word_is_what_can_stand_in_a_file(text: str, expected: bool) -> None:
    assert is_word(text) is expected


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    lines, _ = read_lines(text, "f")
    assert all(line.words and 1 <= line.number <= text.count("\n") + 1 for line in lines)


@given(ROWS, COMMENT, st.data())
def test_comments_anywhere_do_not_change_the_words(
    rows: list[list[str]], comment: str, data: st.DataObject
) -> None:
    inner = st.sampled_from([" ", "\t", f" /*{comment}*/ ", f" /*{comment}\n{comment}*/ "])
    outer = st.sampled_from(["\n", "\r\n", f" #{comment}\n", f" //{comment}\n", f"\n /*{comment}\n*/ \n"])
    text = "".join(
        "".join(word + data.draw(inner) for word in row[:-1]) + row[-1] + data.draw(outer) for row in rows
    )
    assert words(text) == [tuple(row) for row in rows]


@given(st.lists(st.sampled_from(["a", " ", "\t", "#", "/", "*", "\n", "ж"])).map("".join))
def test_carriage_returns_before_line_ends_change_nothing(text: str) -> None:
    assert read_lines(text.replace("\n", "\r\n"), "f") == read_lines(text, "f")
