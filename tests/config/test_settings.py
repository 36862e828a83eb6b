from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cpbillmgr.config.directives.file import Directives, parse_directives
from cpbillmgr.config.settings.loading import (
    default_state,
    directive_file,
    find_settings,
    first_settings_file,
    load_settings,
    rules_of,
)
from cpbillmgr.config.settings.schema import RemoteSettings
from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.rules import OnDoubt, Reuse, Rules
from tests.config.conftest import REMOTE, URL, WriteSettings, refused

# The example of the command line's contract.
CONTRACT = """\
state = "/var/lib/cpbillmgr/state.db"

[[remote]]                       # a processing module: one account at one remote billing
name = "ispmanager"
url = "https://api-eu.ispmanager.com/manager/billmgr"
user = "reseller"
password_file = "/etc/cpbillmgr/password"
generation = 6                   # 4, 5 or 6
conf = "cpbillmgr5.conf"
sort = 100
minimal_balance = "50.00"
product_type = "soft"

[limits]
max_orders = 50
max_spend = "500.00"
max_releases = 20
max_suspends = 50
short_list_percent = 20

[safety]
settle_minutes = 15
on_doubt = "settle"

[renewal]
days_before = 1
"""


def test_the_contracts_example_is_read_whole(write_settings: WriteSettings) -> None:
    path = write_settings(CONTRACT)
    settings = load_settings(path, {})
    [remote] = settings.remotes
    assert settings.state == Path("/var/lib/cpbillmgr/state.db")
    assert (remote.name, remote.user, remote.generation) == ("ispmanager", "reseller", 6)
    assert remote.password_file == Path("/etc/cpbillmgr/password")
    assert remote.conf == path.parent / "cpbillmgr5.conf"
    assert remote.minimal_balance == Decimal("50.00")
    assert rules_of(settings, remote, Directives()) == Rules()


def test_defaults_fill_what_is_not_said(write_settings: WriteSettings) -> None:
    settings = load_settings(write_settings(REMOTE), {"HOME": "/home/u"})
    [remote] = settings.remotes
    assert (settings.installation, settings.reuse, settings.types) == ("main", Reuse.AUTO, ("vds", "dedic"))
    assert (remote.generation, remote.sort, remote.parallel, remote.timeout) == (6, 100, 4, 60)
    assert settings.renewal.days_before == 1


def test_settings_and_directives_make_the_rules(write_settings: WriteSettings) -> None:
    settings = load_settings(
        write_settings(
            'installation = "second"\nreuse = "never"\ntypes = ["vds"]\n'
            '[safety]\nsettle_minutes = 30\non_doubt = "manual"\n[limits]\nmax_spend = 9\n' + REMOTE
        ),
        {},
    )
    directives = parse_directives(
        "Option ReUseLicense\nOption NoFixSuspended\nReusePrice 4\n", "f", Generation.SIX
    )
    rules = rules_of(settings, settings.remotes[0], directives)
    assert (rules.installation, rules.reuse, rules.types) == ("second", Reuse.NEVER, ("vds",))
    assert (rules.settle_minutes, rules.on_doubt) == (30, OnDoubt.MANUAL)
    assert rules.limits.max_spend == Decimal(9)
    assert (rules.reuse_licenses, rules.no_fix_suspended) == (True, True)
    assert rules.reuse_prices == frozenset({4})


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_refused(write_settings: WriteSettings, mode: int) -> None:
    path = write_settings(REMOTE)
    path.chmod(mode)
    with pytest.raises(ConfigInvalid, match=f"can be written by others.*chmod go-w {path}"):
        load_settings(path, {})


def test_a_file_that_others_can_read_is_fine(write_settings: WriteSettings) -> None:
    path = write_settings(REMOTE)
    path.chmod(0o644)
    assert len(load_settings(path, {}).remotes) == 1


def test_a_file_that_is_not_there_is_one_clear_problem(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.toml") == [(None, "there is no such file")]


def test_a_folder_is_one_clear_problem(tmp_path: Path) -> None:
    assert refused(tmp_path) == [(None, "the settings file cannot be read: Is a directory")]


def test_a_file_that_is_not_utf8_is_told_with_its_line(write_settings: WriteSettings) -> None:
    path = write_settings("")
    path.write_bytes(b"# one\n# \xff\n")
    assert refused(path) == [(2, "the settings file is not UTF-8 text")]


def test_paths_count_from_the_settings_folder_and_home(
    write_settings: WriteSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/u")
    text = 'state = "s.db"\n' + REMOTE + 'conf = "~/c.conf"\npassword_file = "p"\nca_file = "/ca.pem"\n'
    path = write_settings(text.replace(URL, "sandbox:world.json"))
    settings = load_settings(path, {})
    [remote] = settings.remotes
    assert settings.state == path.parent / "s.db"
    assert remote.conf == Path("/home/u/c.conf")
    assert remote.password_file == path.parent / "p"
    assert remote.ca_file == Path("/ca.pem")
    assert remote.world == path.parent / "world.json"


def test_a_sandbox_needs_no_user(write_settings: WriteSettings) -> None:
    text = '[[remote]]\nname = "try"\nurl = "sandbox:/w.json"\n'
    assert load_settings(write_settings(text), {}).remotes[0].world == Path("/w.json")


def test_a_real_remote_has_no_world(write_settings: WriteSettings) -> None:
    assert load_settings(write_settings(REMOTE), {}).remotes[0].world is None


def test_settings_are_found_in_the_order_of_the_contract(tmp_path: Path) -> None:
    (tmp_path / "xdg/cpbillmgr").mkdir(parents=True)
    (tmp_path / "home/.config/cpbillmgr").mkdir(parents=True)
    personal = tmp_path / "xdg/cpbillmgr/cpbillmgr.toml"
    at_home = tmp_path / "home/.config/cpbillmgr/cpbillmgr.toml"
    personal.touch()
    at_home.touch()
    env = {
        "CPBILLMGR_SETTINGS": "/named.toml",
        "XDG_CONFIG_HOME": str(tmp_path / "xdg"),
        "HOME": str(tmp_path / "home"),
    }
    assert find_settings(Path("/option.toml"), env) == Path("/option.toml")
    assert find_settings(None, env) == Path("/named.toml")
    del env["CPBILLMGR_SETTINGS"]
    assert find_settings(None, env) == personal
    del env["XDG_CONFIG_HOME"]
    assert find_settings(None, env) == at_home


@pytest.mark.parametrize(
    ("env", "is_root", "expected"),
    [
        ({"CPBILLMGR_SETTINGS": "/named.toml", "HOME": "/h"}, True, "/named.toml"),
        ({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, False, "/x/cpbillmgr/cpbillmgr.toml"),
        ({"HOME": "/h"}, False, "/h/.config/cpbillmgr/cpbillmgr.toml"),
        ({}, False, "/etc/cpbillmgr/cpbillmgr.toml"),
        ({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, True, "/etc/cpbillmgr/cpbillmgr.toml"),
    ],
)
def test_first_settings_are_written_where_they_are_read(
    env: dict[str, str], is_root: bool, expected: str
) -> None:
    assert first_settings_file(env, is_root=is_root) == Path(expected)


def test_first_settings_of_root_go_where_roots_own_are_already(tmp_path: Path) -> None:
    own = tmp_path / "cpbillmgr/cpbillmgr.toml"
    own.parent.mkdir()
    own.touch()
    assert first_settings_file({"XDG_CONFIG_HOME": str(tmp_path)}, is_root=True) == own


@pytest.mark.parametrize(
    ("env", "is_root", "expected"),
    [
        ({"XDG_STATE_HOME": "/x", "HOME": "/h"}, True, "/var/lib/cpbillmgr/state.db"),
        ({"XDG_STATE_HOME": "/x", "HOME": "/h"}, False, "/x/cpbillmgr/state.db"),
        ({"HOME": "/h"}, False, "/h/.local/state/cpbillmgr/state.db"),
        ({}, False, "/var/lib/cpbillmgr/state.db"),
    ],
)
def test_the_state_has_a_default_place(env: dict[str, str], is_root: bool, expected: str) -> None:
    assert default_state(env, is_root=is_root) == Path(expected)


@pytest.mark.parametrize(
    ("generation", "conf", "settings_path", "option", "expected"),
    [
        (6, "own.conf", "/s/c.toml", "/o.conf", ("/o.conf", True)),
        (6, "own.conf", "/s/c.toml", None, ("/s/own.conf", True)),
        (4, None, "/s/c.toml", None, ("/s/cpbillmgr.conf", False)),
        (5, None, "/s/c.toml", None, ("/s/cpbillmgr5.conf", False)),
        (6, None, "/s/c.toml", None, ("/s/cpbillmgr5.conf", False)),
        (4, None, None, None, ("/usr/local/ispmgr/etc/cpbillmgr.conf", False)),
        (6, None, None, None, ("/usr/local/ispmgr/etc/cpbillmgr5.conf", False)),
        (6, None, None, "/o.conf", ("/o.conf", True)),
    ],
)
def test_a_remote_has_one_directive_file(
    generation: int,
    conf: str | None,
    settings_path: str | None,
    option: str | None,
    expected: tuple[str, bool],
) -> None:
    remote = RemoteSettings(
        "one", URL, "u", generation=Generation(generation), conf=Path("/s", conf) if conf else None
    )
    path, named = directive_file(
        remote, Path(settings_path) if settings_path else None, Path(option) if option else None
    )
    assert (str(path), named) == expected
