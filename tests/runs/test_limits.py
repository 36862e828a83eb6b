"""What keeps a run small: limits, scope, options of the directive file, and the lock."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import cpbillmgr
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import license, service, spare, strangers

SOURCES = Path(cpbillmgr.__file__).parent.parent
HOLD_THE_LOCK = """
import sys
from pathlib import Path
from cpbillmgr.store.lock import hold_lock
with hold_lock(Path(sys.argv[1]), "fixchilds", 0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office that has run before, and three services that need an order, for 16.10 EUR together."""
    office = open_office(services=[service("11")], licenses=[license(1, "203.0.113.11")])
    office.run("fixchilds", "--yes")
    office.import_services(service("12"), service("13"), service("14", "55228"))
    office.forget_calls()
    return office


@pytest.mark.parametrize(
    ("words", "limits", "hint"),
    [
        (["--max-orders", "2"], "", "--max-orders 3"),
        (["--max-orders", "0"], "", "--max-orders 3"),
        (["--max-spend", "16.09"], "", "--max-spend 16.10"),
        ([], "max_orders = 2", "--max-orders 3"),
        ([], 'max_spend = "16.09"', "--max-spend 16.10"),
        (["--yes"], "max_orders = 2", "--max-orders 3"),
        (["--dry-run"], "max_orders = 2", "--max-orders 3"),
    ],
)
def test_a_plan_beyond_a_limit_writes_nothing(
    office: Office, words: list[str], limits: str, hint: str
) -> None:
    office.set_settings(f"[limits]\n{limits}")
    before = office.state_file.read_bytes()
    result = office.run("fixchilds", *words, "--json")
    assert (result.code, result.json["exit_code"], result.json["error"]["kind"]) == (5, 5, "limit")
    assert hint in result.err
    assert [outcome for _, _, outcome in result.changes] == ["planned"] * 3
    assert (office.writes, office.state_file.read_bytes()) == ([], before)


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        (["--max-orders", "3", "--max-spend", "16.10"], ""),
        (["--max-orders", "3"], "max_orders = 0"),
        (["--max-spend", "16.10"], 'max_spend = "0"'),
    ],
)
def test_the_limit_itself_may_be_reached_and_an_option_lifts_the_settings(
    office: Office, words: list[str], limits: str
) -> None:
    office.set_settings(f"[limits]\n{limits}")
    assert office.run("fixchilds", *words).code == 0
    assert len(office.orders) == 3


@pytest.mark.parametrize("words", [["--max-spend", "lots"], ["--max-spend", "-1"], ["--max-orders", "-1"]])
def test_a_limit_that_is_no_amount_is_wrong_usage(office: Office, words: list[str]) -> None:
    assert office.run("fixchilds", *words).code == 2


def test_links_and_takes_are_no_orders(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("11"), service("12")], licenses=[license(1, "203.0.113.11"), spare(2)]
    )
    assert office.run("fixchilds", "--yes", "--max-orders", "0", "--max-spend", "0").code == 0
    assert office.links == {"11": "1", "12": "2"}


def test_the_first_unattended_run_shows_its_plan_and_writes_nothing(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    before = office.state_file.read_bytes()
    result = office.run("fixchilds", "--json")
    assert (result.code, result.changes) == (5, [("order", "12", "planned")])
    assert "--yes" in result.err
    assert (office.writes, office.state_file.read_bytes()) == ([], before)
    assert office.run("fixchilds", "--json").code == 5
    assert office.run("fixchilds", "--yes").code == 0


def test_a_first_run_with_nothing_to_do_needs_no_word(open_office: OpenOffice) -> None:
    assert open_office(services=[service("12", "nopanel")]).run("fixchilds").code == 0


def test_later_runs_act_within_the_limits_without_asking(office: Office) -> None:
    assert office.run("fixchilds").code == 0
    assert set(office.links) == {"11", "12", "13", "14"}


@pytest.mark.parametrize(
    ("words", "done"),
    [
        (["--link-only"], []),
        (["--service", "12"], ["12"]),
        (["--service", "12", "--service", "14"], ["12", "14"]),
        (["--service", "11"], []),
    ],
)
def test_the_scope_is_what_was_asked_for(office: Office, words: list[str], done: list[str]) -> None:
    result = office.run("fixchilds", *words, "--json")
    assert (result.code, [service for _, service, _ in result.changes]) == (0, done)
    assert len(office.orders) == len(done)


def test_link_only_links_and_buys_nothing(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("11"), service("12"), service("13")],
        licenses=[license(1, "203.0.113.11"), spare(2)],
    )
    result = office.run("fixchilds", "--link-only", "--yes", "--json")
    assert (result.code, result.changes, office.writes) == (0, [("link", "11", "done")], [])
    assert "services that stay without a license, as asked for: 2" in result.err


def test_what_is_said_to_be_done_is_not_more_than_was(office: Office) -> None:
    office.run("fixchilds", "--yes", "--link-only")
    told = office.run("fixchilds", "--link-only", "--service", "12")
    assert (told.out, "stay without a license" in told.err) == ("Nothing to do: 0 in sync.\n", True)
    office.import_services(service("12", ip=""))
    held = office.run("fixchilds", "--dry-run", "--service", "12")
    assert (held.code, "To do: 1 held, 0 in sync" in held.out, "Done" in held.out) == (3, True, False)
    office.set_settings(url="http://127.0.0.1:9/billmgr")
    assert (office.run("fixchilds").code, office.run("fixchilds").out) == (75, "")


def test_an_unknown_service_is_wrong_usage(office: Office) -> None:
    result = office.run("fixchilds", "--service", "12", "--service", "99")
    assert (result.code, "there is no service" in result.err, "99" in result.err) == (2, True, True)
    assert office.calls() == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--detailed-exitcode"], 4),
        (["--detailed-exitcode", "--dry-run"], 4),
        (["--detailed-exitcode", "--service", "11"], 0),
        (["--detailed-exitcode", "--max-orders", "0"], 5),
        ([], 0),
    ],
)
def test_the_detailed_exit_code_tells_changes_apart(office: Office, words: list[str], code: int) -> None:
    assert office.run("fixchilds", *words).code == code


def test_a_list_that_shrank_suddenly_stops_everything(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=strangers(40))
    office.run("fixchilds", "--yes")
    office.import_services(service("13"))
    office.edit_world(lambda world: world.update(licenses=world["licenses"][20:]))
    office.forget_calls()
    result = office.run("fixchilds", "--yes")
    assert (result.code, "--accept-short-list" in result.err) == (76, True)
    assert office.writes == []
    assert office.run("fixchilds", "--accept-short-list").code == 0


@pytest.mark.parametrize("words", [["fixchilds"], ["order", "--service", "12"], ["license", "renew", "1"]])
@pytest.mark.parametrize("missing", ["many", "ours"])
def test_what_a_short_list_tells_to_type_can_be_typed_and_helps_every_command(
    open_office: OpenOffice, words: list[str], missing: str
) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12"), *strangers(20)])
    assert office.run("fixchilds", "--yes").code == 0
    if missing == "many":
        office.edit_world(lambda world: world.update(licenses=world["licenses"][:5]))
    else:
        hidden = {"list": "soft", "fields": {"ip": "198.51.100"}}
        office.edit_world(lambda world: world.update(filters=[hidden]))
    result = office.run(*words)
    (told,) = re.findall("'cpbillmgr (.+?)'", result.err)
    assert (result.code, office.run(*told.split()).code) == (76, 0)
    assert office.run(*words, "--dry-run").code != 76


def test_a_lock_of_another_process_is_told_with_its_owner(office: Office) -> None:
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(office.state_file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(SOURCES)}
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        result = office.run("fixchilds", "--json")
        assert (result.code, result.json["error"]["kind"]) == (75, "locked")
        assert f"process {owner.pid}" in result.err
        assert "'fixchilds'" in result.err
        assert (office.calls(), office.run("service", "set", "12", "name=x").code) == ([], 75)
        assert office.run("fixchilds", "--lock-timeout", "0.2").code == 75
        assert office.run("fixchilds", "--dry-run").code == 0, "reading never waits"
        owner.kill()
    assert office.run("fixchilds").code == 0, "the kernel frees the lock of a dead process"
