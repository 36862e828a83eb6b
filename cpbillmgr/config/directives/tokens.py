"""From a directive file's text to lines of words: comments, white space and line ends are understood here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cpbillmgr.errors import Problem

# After a word comes white space or the end, so a comment can begin only where a word could.
_PIECE = re.compile(
    r"""
      (?P<space>   [ \t\r]+ )
    | (?P<end>     \n )
    | (?P<comment> (?: \# | // ) [^\n]* | /\* .*? \*/ )
    | (?P<open>    /\* )
    | (?P<word>    [^ \t\r\n]+ )
    """,
    re.VERBOSE | re.DOTALL,
)


_LONGEST = 255  # characters of a word
_MOST_SHOWN = 40  # characters of one that is none
_PLAINLY = "Type the line again with plain spaces"


@dataclass(frozen=True, slots=True)
class Line:
    """The words of one line; ``number`` is the line of the first word, counted from 1."""

    number: int
    words: tuple[str, ...]


def read_lines(text: str, file: str) -> tuple[list[Line], list[Problem]]:
    """Return the lines that have words, and what is wrong with the others (semantics.md 1.3).

    Bytes that are no UTF-8 are expected as lone surrogates (``errors="surrogateescape"``).

    =============================================  ====================================================
    what stands there                              is
    =============================================  ====================================================
    space, tab and carriage return, any number     a separator of words
    ``#`` or ``//`` where a word could begin       a comment to the end of the line
    ``/*`` where a word could begin                a comment to ``*/``, also over lines, like white space
    ``/*`` that never ends                         a problem, at the line where it begins
    ``#``, ``//`` or ``/*`` inside a word          part of the word, as in ``http://`` or ``C#``
    a byte order mark at the start of the text     nothing
    characters that cannot be seen, in a comment   nothing
    the same in a word                             a problem: a name with a no-break space is not the name
    a word of more than 255 characters             a problem: no name of BILLmanager is that long
    =============================================  ====================================================
    """
    lines: list[Line] = []
    problems: list[Problem] = []
    for line in _split(text.removeprefix("\ufeff"), file, problems):
        wrong = [word for word in line.words if not word.isprintable() or len(word) > _LONGEST]
        if wrong:
            problems.append(_no_word(file, line.number, wrong[0]))
        else:
            lines.append(line)
    return lines, problems


def is_word(text: str) -> bool:
    """Return whether this text can stand in a directive file as one word."""
    lines, problems = read_lines(text, "")
    return not problems and [line.words for line in lines] == [(text,)]


def _split(text: str, file: str, problems: list[Problem]) -> list[Line]:
    lines: list[Line] = []
    words: list[str] = []
    number = begin = 1
    for piece in _PIECE.finditer(text):
        if piece.lastgroup == "word":
            begin = begin if words else number
            words.append(piece[0])
        elif piece.lastgroup == "end" and words:
            lines.append(Line(begin, tuple(words)))
            words = []
        elif piece.lastgroup == "open":
            problems.append(
                Problem(file, number, "the comment that begins here never ends", "Close it with '*/'")
            )
            break
        number += piece[0].count("\n")
    if words:
        lines.append(Line(begin, tuple(words)))
    return lines


def _no_word(file: str, line: int, word: str) -> Problem:
    shown = ascii(word) if len(word) <= _MOST_SHOWN else f"{ascii(word[:_MOST_SHOWN])[:-1]}...'"
    if len(word) > _LONGEST:
        return Problem(file, line, f"{shown} is no word: it has {len(word)} characters", _PLAINLY)
    if any("\udc80" <= char <= "\udcff" for char in word):
        return Problem(file, line, f"{shown} is not UTF-8 text", "Save the file as UTF-8")
    return Problem(file, line, f"{shown} contains a character that cannot be seen", _PLAINLY)
