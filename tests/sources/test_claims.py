"""Claims: the table that says which license is to be adopted for which service."""

from __future__ import annotations

from pathlib import Path

import pytest

from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.model.licenses import Link
from cpbillmgr.sources.claims import read_claims


def read(tmp_path: Path, text: str) -> tuple[dict[int, Link], list[tuple[int | None, str]]]:
    file = tmp_path / "claims.csv"
    file.write_text(text, encoding="utf-8")
    claims, problems = read_claims(file, "isp")
    assert {problem.file for problem in problems} <= {str(file)}
    return claims, [(problem.line, problem.message) for problem in problems]


@pytest.mark.parametrize(
    "text",
    [
        "license,service,addon\n501,12,panel\n\n502,13,\n",
        "\ufefflicense,service,addon\r\n501,12,panel\r\n\r\n502,13,\r\n",
        'addon,license,service\npanel, 501 ,"12"\n\n,502,13',
    ],
    ids=["plain", "from a spreadsheet", "other order"],
)
def test_a_row_names_a_license_and_whose_it_is_to_be(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (
        {2: Link("isp", "501", "12", "panel"), 4: Link("isp", "502", "13", "")},
        [],
    )


def test_the_column_of_the_add_on_may_be_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "license,service\n501,12\n")[0] == {2: Link("isp", "501", "12", "")}


def test_every_row_that_is_wrong_is_told(tmp_path: Path) -> None:
    text = "license,service,addon\n501,12,\n,13,\n502,,\n501,14,\n503,15\n504,16,panel\n"
    claims, wrong = read(tmp_path, text)
    assert [*claims] == [2, 7]
    assert sorted(wrong) == [
        (3, "the row names no license"),
        (4, "the row names no service"),
        (5, "license '501' is there more than once, first on line 2"),
        (6, "the row has 2 cells, and the header has 3"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["column 'license' is missing", "column 'service' is missing"]),
        ("501,12,panel\n", ["column '501' is not known", "column '12' is not known"]),
        ("license,service,service\n501,12,13\n", ["column 'service' is there 2 times"]),
        ('license,service\n"501,12\n', ["is no CSV"]),
    ],
)
def test_a_table_that_is_none_is_told(tmp_path: Path, text: str, told: list[str]) -> None:
    claims, wrong = read(tmp_path, text)
    assert claims == {}
    assert [each for each in told if not any(each in message for _, message in wrong)] == []


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="cannot be read"):
        read_claims(tmp_path / "none.csv", "isp")
