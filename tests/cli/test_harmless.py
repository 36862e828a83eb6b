"""Text from elsewhere is shown harmless, and stays what it is for scripts."""

from __future__ import annotations

import unicodedata

import pytest

from cpbillmgr.cli.terminal.text import harmless
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import license, service

# Characters that XML can carry and that a terminal obeys, or that end a line or turn its order around.
NASTY = {
    "next line": "a\x85b",
    "control sequence": "a\x9b31mb",
    "line separator": "a\u2028b",
    "right to left": "a\u202eb",
    "isolate": "a\u2066b",
    "zero width": "a\u200bb",
    "delete": "a\x7fb",
    "tab and line break": "a\t\r\nb",
}
MARKUP = "[bold red]x[/bold red] =1+1 <b>&amp;</b> %s {0}"


def is_shown_safely(text: str) -> bool:
    """Whether a terminal shows these lines as they are."""
    return all(unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp"} for char in text.replace("\n", ""))


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    names = [*NASTY.values(), MARKUP]
    licenses = [license(n, f"203.0.113.{n}", name) for n, name in enumerate(names, start=1)]
    return open_office(services=[service("1"), service("3", name=MARKUP)], licenses=licenses)


@pytest.mark.parametrize(
    "words",
    [["license", "list"], ["license", "show", "4"], ["fixchilds", "--yes"], ["service", "list"]],
    ids=" ".join,
)
def test_what_is_shown_to_a_person_is_harmless(office: Office, words: list[str]) -> None:
    result = office.run(*words)
    assert result.code == 0
    assert is_shown_safely(result.out + result.err)


def test_one_license_is_one_line_and_markup_is_text(office: Office) -> None:
    lines = office.run("license", "list").out.splitlines()
    assert len(lines) == 1 + len(NASTY) + 1
    assert MARKUP in lines[-1]
    assert MARKUP in office.run("service", "list").out


def test_for_scripts_it_is_what_the_remote_said(office: Office) -> None:
    names = {each["name"] for each in office.run("license", "list", "--json").json["licenses"]}
    assert {NASTY["right to left"], MARKUP} <= names


def test_a_refusal_of_strange_words_is_one_harmless_line(office: Office) -> None:
    result = office.run("license", "show", NASTY["right to left"], "--json")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert is_shown_safely(result.err)
    assert result.json["error"]["code"] == 2


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_each_dangerous_character_is_a_question_mark(text: str) -> None:
    shown = harmless(text)
    assert (shown[0], shown[-1], set(shown[1:-1]) & {"?"}) == ("a", "b", {"?"})
    assert is_shown_safely(shown)


@pytest.mark.parametrize("text", [MARKUP, "Привет", "日本語", "web1", ""])
def test_any_other_text_is_shown_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "a\u202eb"])
def test_our_own_names_hold_no_such_characters(office: Office, name: str) -> None:
    result = office.run("service", "set", "1", f"name={name}")
    assert (result.code, is_shown_safely(result.err)) == (78, True)
