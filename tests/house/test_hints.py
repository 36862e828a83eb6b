"""What a hint tells to type can be typed."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator

import pytest

from cpbillmgr.model.command import command
from tests.cli.test_readme import check_typed
from tests.house.test_house import python_files

OF_PEOPLE = ("service", "addon", "name", "key")  # what may hold any character
_HINT = re.compile(r"'cpbillmgr ([^']+)'")
_BUILDERS = {  # what makes a command line, and how it begins
    "command": ("cpbillmgr",),
    "evidence.on_license": ("cpbillmgr", "license"),
}


def hints(source: str) -> Iterator[list[str]]:
    """Yield the words of each command line that a file tells to type, ``1`` where only a run knows one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            words = [*_BUILDERS.get(ast.unparse(node.func), ()), *map(_word, node.args)]
            if words[:1] == ["cpbillmgr"] and "1" not in words[1:3]:
                yield words[1:]
        elif isinstance(node, ast.JoinedStr):
            yield from map(shlex.split, _HINT.findall("".join(map(_word, node.values))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from map(shlex.split, _HINT.findall(node.value))


def _word(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "1"


def unquoted(source: str) -> list[str]:
    """Return what people have named, and hints hold as it is: a shell may read it as several words."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            text = "".join(f"{{{_name(each)}}}" if _name(each) else _word(each) for each in node.values)
            found += [each for hint in _HINT.findall(text) for each in re.findall(r"\{(\w+)\}", hint)]
    return [each for each in found if each in OF_PEOPLE]


def _name(node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.FormattedValue) else None
    return getattr(value, "attr", getattr(value, "id", "")) if value is not None else ""


SOURCES = {path: path.read_text(encoding="utf-8") for path in python_files("cpbillmgr")}
HINTS = sorted({" ".join(words): words for source in SOURCES.values() for words in hints(source)}.items())


def test_hints_are_found_in_every_shape() -> None:
    texts = """f"see 'cpbillmgr a b {x} -c' or d"; "'cpbillmgr e'"; """
    found = hints(texts + """command("f", "-g", *h); evidence.on_license("i")""")
    assert sorted(found) == [["a", "b", "1", "-c"], ["e"], ["f", "-g", "1"], ["license", "i"]]
    assert len(HINTS) > 40


@pytest.mark.parametrize("words", [words for _, words in HINTS], ids=[line for line, _ in HINTS])
def test_what_a_hint_tells_to_type_is_there(words: list[str]) -> None:
    check_typed(words)


def test_names_that_people_gave_are_quoted() -> None:
    assert {str(path): found for path, source in SOURCES.items() if (found := unquoted(source))} == {}
    assert unquoted("""f"'cpbillmgr license link {id} {child.addon}' does {name}\"""") == ["addon"]


@pytest.mark.parametrize(
    "word", ["12", "control panel", "it's", 'a "b"', "$HOME `id`", "a\\b !1", "東京", ""]
)
def test_a_shell_reads_back_the_words_of_a_command(word: str) -> None:
    assert shlex.split(command("license", "link", word)) == ["cpbillmgr", "license", "link", word]
