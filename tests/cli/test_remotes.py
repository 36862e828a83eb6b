"""``remote``: which remotes there are, what our account may do there, its money, and what is sold."""

from __future__ import annotations

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import PASSWORD, service

NOBODY = "http://127.0.0.1:9/billmgr"  # the discard port: nothing listens there
SECOND = (
    f'[[remote]]\nname = "away"\nsort = 5\nurl = "{NOBODY}"\nuser = "someone"\npassword_file = "password"\n'
)


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(balance="1000.00")


def add_remote(office: Office) -> None:
    """Have a second remote, which comes first and does not answer."""
    office.write("cpbillmgr.toml", office.settings.read_text(encoding="utf-8") + SECOND)


def test_remotes_are_listed_in_the_order_of_their_use_and_nobody_is_asked(office: Office) -> None:
    add_remote(office)
    listed = office.run("remote", "list", "--json").json
    assert (listed["schema"], [each["name"] for each in listed["remotes"]]) == (
        "cpbillmgr/remotes/1",
        ["away", "main"],
    )
    assert office.run("remote", "list", "-q").out.splitlines() == ["away", "main"]
    assert NOBODY in office.run("remote", "list").out
    assert office.calls() == []


def test_a_remote_of_panels_comes_before_others_whatever_its_sort(office: Office) -> None:
    extras = f'{SECOND}product_type = "softexternal"\naddons = ["extras"]\n'
    office.write("cpbillmgr.toml", office.settings.read_text(encoding="utf-8") + extras)
    assert office.run("remote", "list", "-q").out.splitlines() == ["main", "away"]


def test_what_our_account_may_do_is_told(office: Office) -> None:
    result = office.run("remote", "check")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[-1].split(maxsplit=3)[:3] == ["main", "reseller", "1000.00"]
    assert "order, suspend, delete" in result.out
    assert "6." in result.out
    (check,) = office.run("remote", "check", "main", "--json").json["checks"]
    assert (check["amount"], check["currency"], check["may_order"], check["error"]) == (
        "1000.00",
        "EUR",
        True,
        None,
    )
    assert office.writes == []


@pytest.mark.parametrize(("right", "word"), [("allowsuspenditem", "suspend"), ("allowdeleteitem", "delete")])
def test_a_right_that_is_missing_is_warned_about(office: Office, right: str, word: str) -> None:
    office.edit_world(lambda world: world["account"].update({right: False}))
    result = office.run("remote", "check")
    assert (result.code, f"may not {word} services" in result.err) == (0, True)
    (check,) = office.run("remote", "check", "--json").json["checks"]
    assert [check[f"may_{right}"] for right in ("suspend", "delete")].count(False) == 1
    assert check[f"may_{word}"] is False


def test_an_account_that_may_order_nothing_is_an_error(office: Office) -> None:
    office.edit_world(lambda world: [tariff.update(orderable=False) for tariff in world["tariffs"]])
    result = office.run("remote", "check", "--json")
    assert (result.code, result.err.count("\n")) == (69, 1)
    assert (result.json["error"]["kind"], result.json["checks"][0]["may_order"]) == ("access", False)


def test_a_wrong_password_is_told_as_everywhere(office: Office) -> None:
    office.write("password", "guessed\n")
    result = office.run("remote", "check", "--json")
    assert (result.code, result.err.count("\n"), result.json["error"]["kind"]) == (77, 1, "login")


def test_one_remote_that_is_down_does_not_hide_the_others(office: Office) -> None:
    add_remote(office)
    result = office.run("remote", "check")
    assert (result.code, "(away)" in result.err, "reseller" in result.out) == (75, True, True)
    assert office.run("remote", "check", "main").code == 0
    result = office.run("remote", "balance", "--json")
    assert (result.code, result.json["error"]["kind"]) == (75, "unreachable")
    assert [each["remote"] for each in result.json["balances"]] == ["main"]


def test_the_money_is_told_to_the_cent(office: Office) -> None:
    assert office.run("remote", "balance", "-q").out == "1000.00\n"
    assert office.run("remote", "balance").out.splitlines()[-1] == "main    1000.00 EUR"
    told = office.run("remote", "balance", "--json").json
    assert (told["schema"], told["balances"]) == (
        "cpbillmgr/balances/1",
        [{"remote": "main", "amount": "1000.00", "currency": "EUR"}],
    )


def test_too_little_money_is_a_warning(office: Office) -> None:
    office.set_settings(minimal_balance="1000.01")
    result = office.run("remote", "balance")
    assert (result.code, "less than the minimal balance of 1000.01" in result.err) == (0, True)
    office.set_settings(minimal_balance="1000.00")
    assert office.run("remote", "balance").err == ""


def test_presets_are_names_that_mean_their_tariffs(office: Office) -> None:
    result = office.run("remote", "presets")
    assert result.out.splitlines() == [
        "3136-DNSmanager 5",
        "55227-ispmanager 6 lite",
        "55228-ispmanager 6 pro",
        "55230-ispmanager 6 business",
    ]
    for preset in office.run("remote", "presets", "main", "--json").json["presets"]:
        explained = office.run("config", "explain", preset["preset"], "--json")
        assert explained.json["tariff"]["value"] == preset["id"]


def test_what_may_not_be_ordered_is_no_preset(office: Office) -> None:
    office.edit_world(lambda world: world["tariffs"][0].update(orderable=False))
    assert "55227" not in office.run("remote", "presets").out


@pytest.mark.parametrize("words", [["check"], ["balance"], ["presets"]], ids=" ".join)
def test_a_remote_that_is_not_there_is_told_as_that(office: Office, words: list[str]) -> None:
    result = office.run("remote", *words, "nonsense")
    assert (result.code, "there is no remote nonsense" in result.err) == (2, True)
    assert "--remote takes main" in result.err


@pytest.mark.parametrize("words", [["check"], ["balance"]], ids=" ".join)
def test_without_any_remote_the_way_to_the_first_one_is_told(office: Office, words: list[str]) -> None:
    office.write("cpbillmgr.toml", 'state = "state.db"\n')
    result = office.run("remote", *words)
    assert (result.code, "config init" in result.err) == (78, True)
    office.set_settings()


def test_no_password_is_shown(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPBILLMGR_PASSWORD", PASSWORD)
    office.import_services(service("12"))
    for words in (["list"], ["check"], ["balance"], ["presets"]):
        assert office.run("remote", *words, "--json").code == 0  # each run looks for the password


def test_where_no_remote_is_configured_that_is_said(office: Office) -> None:
    office.settings.write_text("", encoding="utf-8")
    result = office.run("remote", "list")
    assert (result.code, result.out, "cpbillmgr config init" in result.err) == (0, "", True)
