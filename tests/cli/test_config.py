"""``config``: what is wrong, what is in force, which line decides, and a first file."""

from __future__ import annotations

import json
import stat
import tomllib

import pytest

from tests.cli.conftest import SOURCES, Spawn
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import PASSWORD, service

INIT = ["config", "init", "--url", "https://billing.example/billmgr", "--user", "reseller"]


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(services=[service("12", "Gold")], conf="# ours\nPrice Gold 55228\n")


def test_a_good_configuration_is_told_with_its_files_and_login(office: Office) -> None:
    result = office.run("config", "check", "--json")
    assert (result.code, result.json["account"], result.json["warnings"]) == (0, "reseller", [])
    assert [file.rpartition("/")[2] for file in result.json["files"]] == ["cpbillmgr.toml", "cpbillmgr5.conf"]
    assert "reseller" in office.run("config", "check").out
    assert office.writes == []


def test_offline_nobody_is_asked(office: Office) -> None:
    result = office.run("config", "check", "--offline", "--json")
    assert (result.code, result.json["account"], office.calls()) == (0, "", [])


def test_every_problem_is_told_at_once_with_its_line(office: Office) -> None:
    office.write("cpbillmgr5.conf", "Price Gold\nPeriod x 1\n\nPrice A 1\nPrice A 2\n")
    result = office.run("config", "check", "--json")
    assert (result.code, result.json["error"]["kind"]) == (78, "config")
    lines = zip((1, 2, 5), result.err.splitlines(), strict=True)
    assert all(f"cpbillmgr5.conf:{number}" in line for number, line in lines)


@pytest.mark.parametrize(
    "words", [["config", "check", "--offline"], ["config", "check"], ["fixchilds", "--yes"]]
)
def test_three_bad_lines_of_the_original_s_file_are_told_with_their_numbers(
    office: Office, words: list[str]
) -> None:
    office.set_settings(generation=4)
    office.write("cpbillmgr.conf", "Price ipmgr\nPeriod 10 8 7\nPeriod ten 16 11\nPeriod 10 1815 2891 1\n")
    result = office.run(*words)
    lines = zip((1, 3, 4), result.err.splitlines(), strict=True)
    assert (result.code, office.calls()) == (78, [])
    assert all(f"cpbillmgr.conf:{number}" in line for number, line in lines)


def test_a_name_that_the_remote_does_not_sell_is_a_problem(office: Office) -> None:
    office.write("cpbillmgr5.conf", "Price Gold 3541\n")
    result = office.run("config", "check")
    assert (result.code, "3541" in result.err) == (78, True)
    assert office.run("config", "check", "--offline").code == 0


def test_a_warning_is_an_error_for_the_strict(office: Office) -> None:
    office.write("cpbillmgr5.conf", "Price Gold 55228\nPrise Silver 55227\n")
    result = office.run("config", "check")
    assert (result.code, "warning" in result.err, "'Price'" in result.err) == (0, True, True)
    assert office.run("config", "check", "--strict").code == 78


def test_lines_are_held_against_what_the_remote_sells(office: Office) -> None:
    lines = ["Price Gold 55228", "Price Silver 99999", "Period 10 6 55228", "Period 11 -100 55227"]
    office.write("cpbillmgr5.conf", "\n".join(lines))
    result = office.run("config", "check", "--json")
    assert (result.code, len(result.err.splitlines())) == (78, 4)  # and the service that gets no period
    told = zip((2, 3, 4), ("99999", "6 months", "trial"), result.err.splitlines(), strict=False)
    for number, word, line in told:
        assert f"cpbillmgr5.conf:{number}" in line
        assert word in line
    assert office.writes == []


def test_what_is_odd_at_the_remote_is_a_warning_and_an_error_for_the_strict(office: Office) -> None:
    office.write("cpbillmgr5.conf", "Price Gold 55228\nPrice dnsmgr 55227\n")
    result = office.run("config", "check")
    assert (result.code, result.out.splitlines()[-1]) == (0, "No errors, 1 warning.")
    assert "cpbillmgr5.conf:2" in result.err
    assert office.run("config", "check", "--strict").code == 78


@pytest.mark.parametrize("words", [["--offline"], []])
def test_a_missing_settings_file_leads_to_init(office: Office, words: list[str]) -> None:
    office.settings.unlink()
    result = office.run("config", "check", *words)
    assert (result.code, "config init" in result.err) == (78, True)


def test_what_is_in_force_is_shown_without_the_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CPBILLMGR_PASSWORD", PASSWORD)
    monkeypatch.setenv("CPBILLMGR_USER", "another")
    shown = office.run("config", "show", "--json").json["settings"]
    assert (shown["limits"]["max_orders"], shown["remote"][0]["user"]) == (50, "another")
    assert 'user = "another"' in office.run("config", "show").out


def test_the_line_that_decides_a_name_is_told(office: Office) -> None:
    result = office.run("config", "explain", "Gold", "--period", "10", "--months", "12", "--json")
    assert (result.json["tariff"]["value"], result.json["tariff"]["line"]) == (55228, 2)
    assert result.json["period"]["value"] == 12
    assert "cpbillmgr5.conf:2" in office.run("config", "explain", "Gold", "--offline").out


def test_a_name_without_meaning_is_told_with_the_line_to_add(office: Office) -> None:
    result = office.run("config", "explain", "Silver")
    assert (result.code, "Price Silver " in result.err) == (78, True)


def test_a_first_file_is_written_for_its_owner_alone_and_can_be_read(office: Office) -> None:
    assert office.run(*INIT, "first.toml").code == 0
    written = office.folder / "first.toml"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    shown = office.run("config", "show", "--settings", "first.toml", "--json").json["settings"]
    assert shown["remote"][0]["url"] == "https://billing.example/billmgr"


def test_a_first_file_replaces_none_unless_forced(office: Office) -> None:
    before = office.settings.read_bytes()
    result = office.run(*INIT, "cpbillmgr.toml")
    assert (result.code, "--force" in result.err, office.settings.read_bytes()) == (78, True, before)
    assert office.run(*INIT, "--force", "cpbillmgr.toml").code == 0
    assert office.settings.read_bytes() != before
    office.set_settings()


def test_a_first_file_is_written_where_it_is_read_and_the_next_command_reads_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CPBILLMGR_SETTINGS", str(office.folder / "named/first.toml"))
    first = office.run(*INIT)
    assert "'cpbillmgr config check'" in first.out
    shown = office.run("config", "show", "--json").json
    assert shown["file"] == str(office.folder / "named/first.toml")
    assert shown["settings"]["remote"][0]["password_file"] == str(office.folder / "named/password")
    second = office.run(*INIT, "a second.toml")
    assert "'cpbillmgr config check --settings \"a second.toml\"'" in second.out


def test_the_first_files_remote_has_the_name_that_the_samples_use(office: Office) -> None:
    office.run(*INIT, "first.toml")
    for file in (office.folder / "first.toml", SOURCES / "conf/cpbillmgr.toml"):
        remotes = tomllib.loads(file.read_text(encoding="utf-8"))["remote"]
        assert [remote["name"] for remote in remotes] == ["ispmanager"]
    assert "cpbillmgr-ispmanager:" in (SOURCES / "conf/cpbillmgr.service").read_text(encoding="utf-8")


@pytest.mark.parametrize("url", ["nonsense", "ftp://billing.example", "http://billing.example/billmgr"])
def test_a_first_file_needs_a_url_that_can_be_used(office: Office, url: str) -> None:
    result = office.run("config", "init", "--url", url, "--user", "reseller", "first.toml")
    assert (result.code, "url" in result.err) == (2, True)
    assert not (office.folder / "first.toml").exists()


def test_a_first_file_is_asked_about_beside_the_answer_and_only_where_somebody_is(
    office: Office, spawn: Spawn
) -> None:
    typed = spawn(office, *INIT[:4], "first.toml", "--json", typed="reseller\n")
    assert (typed.returncode, "User at the remote" in typed.stderr) == (0, True)
    assert json.loads(typed.stdout)["file"] == "first.toml"
    nobody = spawn(office, "config", "init", "second.toml", "--json")
    assert (nobody.returncode, json.loads(nobody.stdout)["error"]["hint"]) == (2, "Give --url and --user")
    assert not (office.folder / "second.toml").exists()


def test_the_check_of_a_first_file_names_it_unless_it_is_found_by_itself(office: Office) -> None:
    assert "run 'cpbillmgr config check --settings first.toml'" in office.run(*INIT, "first.toml").out


def test_a_name_that_asks_for_no_license_is_explained_as_that(office: Office) -> None:
    result = office.run("config", "explain", "nopanel", "--offline")
    assert (result.code, "'nopanel' asks for no license" in result.err) == (2, True)


def test_warnings_are_told_beside_errors_for_they_may_be_the_cause(office: Office) -> None:
    office.write("cpbillmgr5.conf", "Prise Silver 55227\n")
    office.import_services(service("12", "Silver"))
    result = office.run("config", "check")
    told = [words in result.err for words in ("warning: ", "'Price'", "error: ", "'Silver' means no")]
    assert (result.code, told) == (78, [True] * 4)
