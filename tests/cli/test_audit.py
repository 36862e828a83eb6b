"""``audit`` as it is typed: its answers, its exit codes, and hostile names in it."""

from __future__ import annotations

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import day, license, service, strangers

HOSTILE = "a|b`c`\x9b31m<img>\u202e[x](y)"


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """Open an office where service 12 has its license, and service 13 none."""
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12"), *strangers(12)])
    assert office.run("fixchilds", "--yes").code == 0
    assert office.run("checkevent").code == 0
    return office


def test_information_alone_is_clean(office: Office) -> None:
    result = office.run("audit", "--expect-clean")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[-1].startswith("0 to mend, 12 for information (")


def test_dirt_is_not_and_only_where_that_is_asked(office: Office) -> None:
    office.import_services(service("13"))
    assert office.run("audit", "--expect-clean", "-q").code == 4
    assert office.run("audit", "-q") == office.run("audit", "-q", "--remote", "main")
    assert (office.run("audit").code, office.run("audit", "-q").out) == (0, "")


def test_for_a_ticket_it_is_a_table_in_markdown(office: Office) -> None:
    office.import_services(service("13"))
    head, ruler, first, *_ = office.run("audit", "--markdown").out.splitlines()
    assert head == "| class | service | license | ip | amount | why | mend |"
    assert ruler == "|---|---|---|---|--:|---|---|"
    assert first == (
        "| service without license | 13 panel |  | 203.0.113.13 | 4.00 EUR |"
        " no license for 203.0.113.13 and none free in the pool | `cpbillmgr fixchilds --service 13` |"
    )


@pytest.mark.parametrize("shape", [[], ["--markdown"], ["--json"]])
def test_hostile_names_stay_text(office: Office, shape: list[str]) -> None:
    office.edit_world(lambda world: world["licenses"][1].update(licname=HOSTILE))
    shown = office.run("audit", *shape).out
    assert "<img>" in shown.replace("\\", "")
    assert [char for char in ("\x9b", "\u202e") if char in shown] == []
    if shape == ["--markdown"]:
        rows = [line for line in shown.splitlines() if line.startswith("| stranger")]
        assert {len(row.replace(r"\|", "").split("|")) for row in rows} == {9}
        assert r"\[x\](y)" in shown
        assert r"\<img\>" in shown


def test_the_ids_of_services_are_quoted_for_a_shell(office: Office) -> None:
    office.import_services({**service("13"), "id": "x|`y`", "ip": "203.0.113.99"})
    (mend,) = [each["mend"] for each in office.run("audit", "--json").json["findings"] if each["dirt"]]
    assert mend == "cpbillmgr fixchilds --service 'x|`y`'"
    assert "``cpbillmgr fixchilds --service 'x\\|`y`'``" in office.run("audit", "--markdown").out


@pytest.mark.parametrize("command", ["audit", "pool", "forecast"])
def test_a_list_that_shrank_suddenly_is_believed_by_a_word_alone(office: Office, command: str) -> None:
    office.edit_world(lambda world: world.update(licenses=world["licenses"][:1]))
    result = office.run(command)
    assert (result.code, result.out, "--accept-short-list" in result.err) == (76, "", True)
    assert office.run(command, "--accept-short-list").code == 0


@pytest.mark.parametrize("command", ["audit", "pool", "forecast"])
def test_without_the_remote_nothing_is_told(office: Office, command: str) -> None:
    office.fault("503:*:*")
    result = office.run(command)
    assert (result.code, result.out, result.err.count("\n")) == (75, "", 1)


def test_where_there_are_several_remotes_a_command_names_its_own(office: Office) -> None:
    second = f'[[remote]]\nname = "spare"\nurl = "{office.url}"\nuser = "else"\nsort = 200\n'
    office.set_settings()
    settings = office.settings.read_text(encoding="utf-8")
    office.write("cpbillmgr.toml", settings + second)
    office.edit_world(lambda world: world["licenses"][0].update(ip="203.0.113.44", expiredate=day(20)))
    (mend,) = [each["mend"] for each in office.run("audit", "--json").json["findings"] if each["dirt"]]
    assert mend == "cpbillmgr license move 1 203.0.113.12 --remote main"
