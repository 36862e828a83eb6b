"""What scripts and cron jobs rely on when something is not as it should be."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND
from tests.conftest import OpenOffice
from tests.runs.worlds import license, service

ALONE = ["order", "--ip", "203.0.113.77", "--tariff", "55227", "--period", "1"]


@pytest.mark.parametrize("variant", [{}, {"order_answer": "billorder"}], ids=str)
def test_a_doubt_is_never_settled_with_somebody_elses_license_of_that_name(
    open_office: OpenOffice, variant: dict[str, str]
) -> None:
    office = open_office(licenses=[license(1, "198.51.100.1", "x")], **variant)
    if not variant:
        office.fault("cut-after:soft.order.param")
    office.run(*ALONE, "--name", "x")
    assert office.run(*ALONE, "--name", "x", "-q").out == "7000\n"


@pytest.mark.parametrize("words", [["fixchilds"], ["order", "--service", "12"]], ids=" ".join)
def test_as_long_as_a_paid_call_is_in_doubt_the_exit_code_is_7(
    open_office: OpenOffice, words: list[str]
) -> None:
    office = open_office(services=[service("12")])
    office.fault("503:soft.order.param")
    assert office.run("fixchilds", "--yes").code == 7
    assert office.run(*words, "--json").json["exit_code"] == 7
    assert office.run(*words).code == 7


@pytest.mark.parametrize("option", ["-q", "--json", "-v"])
@pytest.mark.parametrize("words", [["order", "--service", "12"], [*ALONE[:2], "203.0.113.12", *ALONE[3:]]])
def test_a_refused_order_is_69_with_the_remotes_words(
    open_office: OpenOffice, words: list[str], option: str
) -> None:
    services = [service("12")] if "--service" in words else []
    office = open_office(services=services, licenses=[license(1, "203.0.113.12", owner="another")])
    result = office.run(*words, option)
    assert (result.code, result.err.count("already exists")) == (69, 1)


@pytest.mark.parametrize("fault", ["503:soft.order.param", "503:soft.checkip:*"])
def test_quiet_is_not_silent_about_failure(open_office: OpenOffice, fault: str) -> None:
    office = open_office(services=[service("12")])
    office.fault(fault)
    result = office.run("order", "--service", "12", "-q")
    assert (result.out, result.err.startswith("cpbillmgr: error: ")) == ("", True)


@pytest.mark.parametrize("service_id", ["12", "13"])
def test_a_held_order_tells_why_even_if_quiet(open_office: OpenOffice, service_id: str) -> None:
    office = open_office(
        services=[service("12", ip="10.0.0.1"), service("13")],
        licenses=[license(1, "203.0.113.13", pricelist=55228)],
    )
    result = office.run("order", "--service", service_id, "-q")
    assert (result.code, result.out, result.err != "") == (3, "", True)


def test_an_unpaid_license_is_told_at_every_run_and_not_taken_for_paid(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], balance="1.00", no_money="cart")
    assert office.run("fixchilds", "--yes").code == 69
    again = office.run("fixchilds")
    assert "7000" in again.out + again.err
    assert again.code != 0
    assert office.run("order", "--service", "12", "-q").code != 0
    assert len(office.orders) == 1


def test_the_exit_code_in_the_report_is_the_processes(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    result = office.run("fixchilds", "--yes", "--detailed-exitcode", "--json")
    assert (result.code, result.json["exit_code"]) == (4, 4)


@pytest.mark.parametrize(
    "more", [["--ip", "203.0.113.5"], ["--tariff", "55228"], ["--nodes", "3"], ["--name", "x"]]
)
def test_a_service_and_an_order_on_its_own_are_not_mixed(open_office: OpenOffice, more: list[str]) -> None:
    office = open_office(services=[service("12")])
    assert office.run("order", "--service", "12", *more).code == 2
    assert office.writes == []


def test_an_addon_without_a_service_is_wrong_usage(open_office: OpenOffice) -> None:
    office = open_office()
    assert office.run(*ALONE, "--addon", "panel").code == 2


@pytest.mark.parametrize("change", ["id=99", "addons=x"])
def test_a_key_that_cannot_be_set_is_no_addon(open_office: OpenOffice, change: str) -> None:
    assert open_office(services=[service("12")]).run("service", "set", "12", change).code in (2, 78)


def test_a_name_with_control_characters_is_not_sent(open_office: OpenOffice) -> None:
    office = open_office()
    assert office.run(*ALONE, "--name", "a\nb\x7f").code == 2
    assert office.writes == []


def test_a_missing_embedded_world_is_told_in_words(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    office.set_settings(url="sandbox:missing.json")
    result = office.run("license", "list")
    assert (result.code, "Errno" in result.err) == (78, False)


def test_a_saved_plan_is_its_owners(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    office.run("fixchilds", "--out", "plan.json")
    assert stat.S_IMODE((office.folder / "plan.json").stat().st_mode) == 0o600


def test_an_output_that_is_full_is_no_traceback(open_office: OpenOffice, environment: dict[str, str]) -> None:
    office = open_office(services=[service("12")])
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "fixchilds", "--yes"],
            cwd=office.folder, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert "Traceback" not in done.stderr


def test_another_services_typo_does_not_keep_a_server_from_its_license(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12"), service("13", "Typo")])
    assert office.run("order", "--service", "12", "-q").out == "7000\n"
