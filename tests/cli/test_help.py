"""What every command says of itself, and how wrong usage is told."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from cpbillmgr import __version__
from cpbillmgr.cli.main import cpbillmgr
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import license, service

TAKES_NO_JSON = {("completion",)}  # it prints a script


def commands(
    group: click.Group = cpbillmgr, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


EVERY_COMMAND = dict(commands())


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(services=[service("12")], licenses=[license(1, "203.0.113.12")])


@pytest.mark.parametrize("words", [(), *EVERY_COMMAND], ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help(office: Office, words: tuple[str, ...], option: str) -> None:
    result = office.run(*words, option)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Usage: {' '.join(('cpbillmgr', *words))}")
    assert max(map(len, result.out.splitlines())) <= 100


@pytest.mark.parametrize("words", sorted(EVERY_COMMAND.keys() - TAKES_NO_JSON), ids=" ".join)
def test_every_command_answers_in_json(words: tuple[str, ...]) -> None:
    assert "--json" in {name for param in EVERY_COMMAND[words].params for name in param.opts}


def test_no_option_takes_a_password() -> None:
    names = {name for command in EVERY_COMMAND.values() for param in command.params for name in param.opts}
    assert {name for name in names if "password" in name} == {"--password-file"}


def test_the_version_is_told(office: Office) -> None:
    assert __version__ in office.run("--version").out


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["service", "nonsense"],
        ["fixchilds", "--nonsense"],
        ["fixchilds", "--max-orders", "many"],
        ["fixchilds", "--max-spend", "1,50"],
        ["apply"],
        ["license", "show"],
        ["completion", "tcsh"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_and_for_scripts_an_object(office: Office, words: list[str]) -> None:
    result = office.run(*words, "--json")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert result.err.startswith("cpbillmgr: error: ")
    error = result.json["error"]
    assert (error["code"], error["kind"], set(error)) == (2, "usage", {"code", "kind", "message", "hint"})
    assert office.run(*words).out == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fixchilds", "--dryrun"], "did you mean '--dry-run'? see 'cpbillmgr fixchilds --help'"),
        (["service", "set", "--lock-timeout"], "requires an argument. see 'cpbillmgr service set --help'"),
        (["fixchilds", "--max-orders", "x"], "'x' is not a whole number. see 'cpbillmgr fixchilds --help'"),
        (["completion"], "choose from: bash, zsh, fish. see 'cpbillmgr completion --help'"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_wrong_usage_is_told_in_plain_words(office: Office, words: list[str], told: str) -> None:
    assert told in office.run(*words).err.lower()


@pytest.mark.parametrize(
    ("words", "schema"),
    [
        (["fixchilds", "--dry-run"], "cpbillmgr/report/1"),
        (["fixchilds", "--yes"], "cpbillmgr/report/1"),
        (["apply", "plan.json"], "cpbillmgr/report/1"),
        (["order", "--service", "12"], "cpbillmgr/report/1"),
        (["license", "list"], "cpbillmgr/licenses/1"),
        (["license", "list", "--offline"], "cpbillmgr/licenses/1"),
        (["license", "show", "1"], "cpbillmgr/licenses/1"),
        (["audit"], "cpbillmgr/audit/1"),
        (["pool"], "cpbillmgr/pool/1"),
        (["forecast"], "cpbillmgr/forecast/1"),
        (["status"], "cpbillmgr/status/1"),
        (["service", "list"], "cpbillmgr/services/1"),
        (["service", "show", "12"], "cpbillmgr/services/1"),
        (["service", "set", "12", "name=x"], "cpbillmgr/services/1"),
        (["service", "import", "inventory.json"], "cpbillmgr/import/1"),
        (["service", "remove", "12"], "cpbillmgr/removed/1"),
        (["license", "link", "1", "12"], "cpbillmgr/report/1"),
        (["license", "adopt", "--by-ip", "--yes"], "cpbillmgr/report/1"),
        (["license", "protect", "1"], "cpbillmgr/protected/1"),
        (["config", "check"], "cpbillmgr/check/1"),
        (["config", "show"], "cpbillmgr/settings/1"),
        (["config", "explain", "55227"], "cpbillmgr/explanation/1"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_what_is_printed_for_scripts_names_its_schema(office: Office, words: list[str], schema: str) -> None:
    office.run("fixchilds", "--out", "plan.json")
    result = office.run(*words, "--json")
    assert result.code in (0, 5)
    assert result.json["schema"] == schema


def test_what_is_exported_for_scripts_is_an_inventory(office: Office) -> None:
    assert [each["id"] for each in office.run("service", "export", "--json").json["services"]] == ["12"]


def test_a_report_has_the_keys_that_scripts_rely_on(office: Office) -> None:
    report = office.run("fixchilds", "--yes", "--json").json
    keys = ["schema", "command", "dry_run", "exit_code", "changes", "totals", "cost", "warnings"]
    assert list(report) == keys
    (change,) = report["changes"]
    assert change == {
        "action": "link", "service": "12", "addon": "panel", "remote": "main", "license": "1",
        "replaces": None, "tariff": 55227, "period": 1, "amounts": {}, "ip": "203.0.113.12", "cost": None,
        "currency": None,
        "because": change["because"], "outcome": "done", "error": None, "considered": [],
    }  # fmt: skip
    assert {"link": 1, "take": 0, "order": 0, "failed": 0, "held": 0}.items() <= report["totals"].items()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_learns_the_words(office: Office, shell: str) -> None:
    result = office.run("completion", shell)
    assert (result.code, result.err) == (0, "")
    assert "_CPBILLMGR_COMPLETE" in result.out


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=" ".join)
def test_every_option_has_help(words: tuple[str, ...]) -> None:
    options = [param for param in EVERY_COMMAND[words].params if isinstance(param, click.Option)]
    assert [param.name for param in options if not (param.help or param.prompt or param.metavar)] == []
