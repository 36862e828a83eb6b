"""What the README tells to type can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

import cpbillmgr
from cpbillmgr.cli.main import cpbillmgr as program

README = Path(cpbillmgr.__file__).parent.parent / "README.md"
_SHELL = ("", "sh", "shell", "bash", "console")  # what a block of commands is called
_NEXT = {"|", "||", "&&", ";", ">", ">>", "<", "2>"}  # what follows is another command's, or the shell's


def typed_commands(text: str) -> list[list[str]]:
    """Return the words of each command line of ours in the text's blocks of commands."""
    lines: list[str] = []
    language: str | None = None  # of the block that we are in
    for line in map(str.strip, text.replace("\\\n", " ").splitlines()):
        if line.startswith("```"):
            language = line.removeprefix("```") if language is None else None
        elif language in _SHELL and line.removeprefix("$ ").startswith("cpbillmgr "):
            lines.append(line.removeprefix("$ "))
    return [shlex.split(line, comments=True)[1:] for line in lines]


def check_typed(words: list[str]) -> None:
    """Check that the command is there, and every option that is typed."""
    command: click.Command = program
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest.pop(0))
        assert found is not None, f"there is no command {' '.join(words)}"
        command = found
    known = {name for param in command.params for name in param.opts}
    ends = next((n for n, word in enumerate(rest) if word in _NEXT), len(rest))
    for word in rest[:ends]:
        if word.startswith("-"):
            assert word.partition("=")[0] in {*known, "-h", "--help"}, f"{word} in: {' '.join(words)}"


COMMANDS = typed_commands(README.read_text(encoding="utf-8")) if README.is_file() else []


@pytest.mark.skipif(not README.is_file(), reason="there is no README here, as in an installed package")
def test_the_readme_shows_how_to_do_the_main_job() -> None:
    assert ["service", "import"] in [words[:2] for words in COMMANDS]
    assert "fixchilds" in [words[0] for words in COMMANDS]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_the_readme_tells_to_type_is_there(words: list[str]) -> None:
    check_typed(words)


@pytest.mark.parametrize("line", ["nonsense", "fixchilds --nonsense", "service nonsense 12"])
def test_a_command_that_is_not_there_would_be_found_out(line: str) -> None:
    (words,) = typed_commands(f"```sh\n$ cpbillmgr {line}  # once\n```\n")
    with pytest.raises(AssertionError):
        check_typed(words)


def test_every_test_that_the_readme_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", README.read_text(encoding="utf-8")))
    texts = [file.read_text(encoding="utf-8") for file in Path(__file__).parent.parent.rglob("test_*.py")]
    there = set(re.findall(r"^def (test_\w+)", "\n".join(texts), re.MULTILINE))
    assert named
    assert named <= there
