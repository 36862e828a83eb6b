from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.config.directives.file import Directives, parse_directives, read_directives
from cpbillmgr.config.directives.lines import PeriodLine, PriceLine
from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.model.generations import Generation
from tests.config.conftest import canonical

# The original manual's own example, byte for byte.
MANUAL = (
    "Price ipmgr 2891 \t# correspondence of the service package for IPmanager 5\n"
    "Period 10 8 7 \t\t# correspondence of 1-month order period for ISPmanager Lite\n"
    "Period 10 16 11 \t# correspondence of 1-month order period for ISPmanager Pro\n"
    "Period 10 1815 2891 \t# correspondence of 1-month order period for  ISPmanager 5\n"
    "Period 11 9 7 \t\t# correspondence of 3-month order period for ISPmanager Lite\n"
    "Period 11 17 11 \t# correspondence of 3-month order period for ISPmanager Pro\n"
    "Period 11 1817 2891 \t# correspondence of 3-month order period for ISPmanager 5\n"
    "Period 12 9 7 \t\t# correspondence of 6-month order period for ISPmanager Lite\n"
    "Period 12 17 11 \t# correspondence of 6-month order period for ISPmanager Pro\n"
    "Period 12 1817 2891 \t# correspondence of 6-month order period for ISPmanager 5\n"
    "Period 13 9 7 \t\t# correspondence of 12-month order period for ISPmanager Lite\n"
    "Period 13 17 11 \t# correspondence of 12-month order period for ISPmanager Pro\n"
    "Period 13 1817 2891 \t# correspondence of 12-month order period for ISPmanager 5\n"
)
# The manual's sentence before the example has a word that slipped through translation.
SLIP = "# add-on type has the internal name тип ispmgr, its value type is logical\n"


@pytest.mark.parametrize("text", [MANUAL, SLIP + MANUAL, MANUAL.replace("\n", "\r\n"), "\ufeff" + MANUAL])
def test_the_manuals_own_example_is_read_without_a_warning(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cpbillmgr.conf"
    path.write_bytes(text.encode())
    directives = read_directives(path, Generation.FOUR)
    assert [str(price) for price in directives.prices] == ["Price ipmgr 2891"]
    assert [(line.local, line.remote, line.tariff) for line in directives.periods] == [
        (10, 8, 7),
        (10, 16, 11),
        (10, 1815, 2891),
        *(
            (local, remote, tariff)
            for local in (11, 12, 13)
            for remote, tariff in ((9, 7), (17, 11), (1817, 2891))
        ),
    ]
    assert directives.warnings == ()


def test_every_directive_is_kept_with_its_line() -> None:
    directives = parse_directives(
        "Price Lite 55227\nPeriod 10 1 55227\nPeriod 11 12\nPeriod ALL 0 7\n"
        "Option ReUseLicense\nReusePrice 31\n",
        "f",
        Generation.SIX,
    )
    assert directives.prices == (PriceLine("Lite", 55227, 1),)
    assert directives.periods == (
        PeriodLine(10, 1, 55227, 2),
        PeriodLine(11, 12, None, 3),
        PeriodLine(None, 0, 7, 4),
    )
    assert dict(directives.options) == {"ReUseLicense": 5}
    assert dict(directives.reuse_prices) == {31: 6}


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="there is no such file"):
        read_directives(tmp_path / "none.conf", Generation.SIX)


def test_a_file_that_nobody_named_may_be_missing(tmp_path: Path) -> None:
    assert read_directives(tmp_path / "cpbillmgr5.conf", Generation.SIX, required=False) == Directives()


def test_a_folder_in_place_of_the_file_is_one_clear_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="cannot be read: Is a directory"):
        read_directives(tmp_path, Generation.SIX, required=False)


def test_bytes_that_are_not_utf8_are_fine_in_a_comment_and_a_problem_in_a_word(tmp_path: Path) -> None:
    path = tmp_path / "cpbillmgr.conf"
    path.write_bytes(b"Price a 55227 # \xf2\xe8\xef\n")
    assert len(read_directives(path, Generation.FOUR).prices) == 1
    path.write_bytes(b"Price \xf2\xe8\xef 55227\n")
    with pytest.raises(ConfigInvalid, match="is not UTF-8 text"):
        read_directives(path, Generation.FOUR)


@pytest.mark.parametrize("name", ["cpbillmgr.conf", "cpbillmgr.log", "missing.conf"])
def test_directives_in_a_file_named_as_a_log_are_a_warning(tmp_path: Path, name: str) -> None:
    (tmp_path / "cpbillmgr.log").write_text("Option NoFixSuspended\n")
    (tmp_path / "cpbillmgr.conf").touch()
    [warning] = read_directives(tmp_path / name, Generation.FOUR, required=False).warnings
    assert warning.file == str(tmp_path / "cpbillmgr.log")
    assert warning.message == "directives stand in a file that is named as a log"


def test_a_log_that_is_a_log_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "cpbillmgr.log").write_text("2026-11-21 checkevent: Option of service 5 changed\n")
    (tmp_path / "cpbillmgr.conf").touch()
    assert read_directives(tmp_path / "cpbillmgr.conf", Generation.FOUR).warnings == ()


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,6}", fullmatch=True)
IDS = st.integers(1, 99999)
PERIODS = st.tuples(st.one_of(st.none(), IDS), st.sampled_from([-100, -50, 0, 1, 12]), IDS)


@given(
    st.dictionaries(NAMES, IDS, max_size=4),
    st.lists(PERIODS, max_size=4, unique_by=lambda period: (period[0], period[2])),
    st.sets(IDS, max_size=3),
    st.sets(st.sampled_from(["ReUseLicense", "UseExistingOnUpgrade", "NoFixSuspended"])),
)
def test_canonical_text_is_read_back_as_the_same(
    prices: dict[str, int],
    periods: list[tuple[int | None, int, int]],
    reuse: set[int],
    options: set[str],
) -> None:
    written = Directives(
        prices=tuple(PriceLine(name, tariff, 0) for name, tariff in prices.items()),
        periods=tuple(PeriodLine(*period, 0) for period in periods),
        options=dict.fromkeys(options, 0),
        reuse_prices=dict.fromkeys(reuse, 0),
    )
    text = canonical(written)
    again = parse_directives(text, "f", Generation.SIX)
    assert canonical(again) == text
    assert {price.name: price.tariff for price in again.prices} == prices
    assert [(line.local, line.remote, line.tariff) for line in again.periods] == periods
    assert set(again.reuse_prices) == reuse
    assert set(again.options) == options


@given(st.text(st.sampled_from("PriceodOtnusALR 0123456789-#/*\n")))
def test_no_text_ends_in_anything_but_directives_or_problems(text: str) -> None:
    try:
        parse_directives(text, "f", Generation.SIX)
    except ConfigInvalid as error:
        invalid = error
    else:
        return
    assert all(problem.line for problem in invalid.problems)


def test_a_file_that_is_too_large_is_not_read_to_its_end() -> None:
    with pytest.raises(ConfigInvalid, match="is larger than 1048576 bytes"):
        read_directives(Path("/dev/zero"), Generation.SIX)
