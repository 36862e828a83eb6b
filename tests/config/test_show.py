from __future__ import annotations

import json
from pathlib import Path

from cpbillmgr.config.settings.init import first_settings
from cpbillmgr.config.settings.loading import load_settings
from cpbillmgr.config.settings.show import masked
from tests.config.conftest import REMOTE, URL, WriteSettings


def test_what_is_in_force_is_shown_with_its_defaults(write_settings: WriteSettings) -> None:
    shown = masked(load_settings(write_settings('state = "/s.db"\n' + REMOTE), {}))
    assert shown["state"] == "/s.db"
    assert shown["limits"]["max_spend"] == "500.00"
    [remote] = shown["remote"]
    assert remote == {
        "name": "one",
        "url": URL,
        "user": "reseller",
        "generation": 6,
        "sort": 100,
        "product_type": "soft",
        "addons": [],
        "timeout": 60.0,
        "parallel": 4,
        "page_size": 1000,
    }


def test_a_password_command_is_shown_as_its_program_alone(write_settings: WriteSettings) -> None:
    path = write_settings(REMOTE + 'password_command = ["vault", "--token", "s3cret"]\n')
    shown = masked(load_settings(path, {"CPBILLMGR_PASSWORD": "s3cret"}))
    assert shown["remote"][0]["password_command"] == ["vault"]
    assert "s3cret" not in json.dumps(shown)


def test_a_hook_is_shown_as_its_program_alone(write_settings: WriteSettings) -> None:
    path = write_settings(REMOTE + '[hooks]\nfailed = ["notify", "--token", "s3cret"]\n')
    assert masked(load_settings(path, {}))["hooks"] == {"failed": ["notify"], "timeout": 30.0}


def test_a_password_file_is_shown_as_its_path(write_settings: WriteSettings) -> None:
    shown = masked(load_settings(write_settings(REMOTE + 'password_file = "/p"\n'), {}))
    assert shown["remote"][0]["password_file"] == "/p"


def test_first_settings_are_read_back_as_they_were_meant(write_settings: WriteSettings) -> None:
    text = first_settings(URL, 'odd "user"', Path("/p w"), 5)
    settings = load_settings(write_settings(text), {})
    [remote] = settings.remotes
    assert (remote.url, remote.user, remote.password_file, remote.generation) == (
        URL,
        'odd "user"',
        Path("/p w"),
        5,
    )
    assert text.startswith("# Settings of cpbillmgr")


def test_first_settings_leave_the_state_to_its_default(write_settings: WriteSettings) -> None:
    text = first_settings(URL, "u", Path("/p"), 6)
    assert "\nstate" not in text
