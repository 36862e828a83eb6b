from __future__ import annotations

import pytest

from cpbillmgr.config.settings.loading import load_settings
from cpbillmgr.errors import ConfigInvalid
from tests.config.conftest import REMOTE, WriteSettings, refused


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("timeout = 0", "'timeout' of [[remote]] 1: input should be greater than 0"),
        ('timeout = "60"', "'timeout' of [[remote]] 1: input should be a valid number"),
        ("parallel = 0", "'parallel' of [[remote]] 1: input should be greater than or equal to 1"),
        ("parallel = 33", "'parallel' of [[remote]] 1: input should be less than or equal to 32"),
        ("parallel = true", "'parallel' of [[remote]] 1: input should be a valid integer"),
        ("generation = 7", "'generation' of [[remote]] 1: input should be 4, 5 or 6"),
        ('generation = "6"', "'generation' of [[remote]] 1: input should be 4, 5 or 6"),
        (
            "minimal_balance = 50.5",
            "'minimal_balance' of [[remote]] 1 is not exact as a number; write it in quotes: \"50.50\"",
        ),
        (
            'minimal_balance = "-1"',
            "'minimal_balance' of [[remote]] 1 is not an amount; write it like \"500.00\"",
        ),
        (
            "minimal_balance = true",
            "'minimal_balance' of [[remote]] 1 is not an amount; write it like \"500.00\"",
        ),
        (
            'password_command = "pass show x"',
            "'password_command' of [[remote]] 1 is run without a shell; write a list of words, like",
        ),
        (
            'proxy = "http://u:p@proxy"',
            "'proxy' of [[remote]] 1 must not contain a user or password; user and password file are",
        ),
        (
            'ca_file = "~nobody-here/ca.pem"',
            "'ca_file' of [[remote]] 1 names the home of a user who has none here",
        ),
        ('password = "secret"', "unknown key 'password' of [[remote]] 1"),
        ("page_sise = 5", "unknown key 'page_sise' of [[remote]] 1"),
    ],
)
def test_a_value_that_cannot_be_right_is_told_with_its_line(
    write_settings: WriteSettings, line: str, message: str
) -> None:
    [(number, said)] = refused(write_settings(f"{REMOTE}# the next line is wrong\n{line}\n"))
    assert number == 6
    assert said.startswith(message)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("stat = 1", 1, "unknown key 'stat'"),
        ("[limits]\n\nmax_order = 1", 3, "unknown key 'max_order' of [limits]"),
        ("# none\n[limit]\nmax_orders = 1", 2, "unknown key 'limit'"),
        ('installation = "a-b"', 1, "'installation' must be up to 32 letters"),
        ('reuse = "always"', 1, "'reuse': input should be 'auto' or 'never'"),
        ('types = ["vds", 1]', 1, "item 2 of 'types': input should be a valid string"),
        ("[safety]\nsettle_minutes = 0", 2, "'settle_minutes' of [safety]: input should be greater than"),
        ("[safety]\non_doubt = 1", 2, "'on_doubt' of [safety]: input should be 'settle' or 'manual'"),
        ("[renewal]\ndays_before = 0", 2, "'days_before' of [renewal]: input should be greater than"),
        ("[limits]\nmax_spend = 500.0", 2, "'max_spend' of [limits] is not exact as a number"),
        ("[limits]\nshort_list_percent = 101", 2, "'short_list_percent' of [limits]: input should be less"),
        ("[limits]\nmax_orders = -1", 2, "'max_orders' of [limits]: input should be greater than"),
        ('[hooks]\nfailed = "mail root"', 2, "'failed' of [hooks] is run without a shell; write a list of"),
        ("[hooks]\nchanged = []", 2, "'changed' of [hooks]: list should have at least 1 item"),
        ("[hooks]\nlow_balance = ['a', 1]", 2, "item 2 of 'low_balance' of [hooks]: input should be a valid"),
        ("[hooks]\nfailed = ['']", 2, "item 1 of 'failed' of [hooks] must be a word of the command"),
        ("[hooks]\ntimeout = 601", 2, "'timeout' of [hooks]: input should be less than or equal to 600"),
        ("[hooks]\ntimeout = 0", 2, "'timeout' of [hooks]: input should be greater than 0"),
        ("[hooks]\nchange = ['a']", 2, "unknown key 'change' of [hooks]"),
        ("[certificates]\nfolder = ''", 2, "'folder' of [certificates] is not the name of a file"),
        ("[certificates]\napprover = 'a b'", 2, "'approver' of [certificates] must be a mailbox such as"),
        ("[certificates]\napprover = 'me@'", 2, "'approver' of [certificates] must be a mailbox such as"),
        ("[certificates]\nemail = 'admin'", 2, "'email' of [certificates] must be a whole mail address"),
        ("[certificates]\ndays_before = 91", 2, "'days_before' of [certificates]: input should be less"),
        ("[certificates]\ncountry = 'de'", 2, "'country' of [certificates] must be the two capital"),
        ("[certificates]\ncountry_id = 0", 2, "'country_id' of [certificates]: input should be greater"),
        ("[certificates]\ncity = ''", 2, "'city' of [certificates] must be up to 64 characters in one"),
        ("[certificates]\nunit = ' a'", 2, "'unit' of [certificates] must be up to 64 characters in one"),
        ('[certificates]\nregion = "a\\nb"', 2, "'region' of [certificates] must be up to 64 characters"),
        ('[certificates]\nphone = "\\u202e1"', 2, "'phone' of [certificates] must be up to 64 characters"),
        (f"[certificates]\norganization = '{'a' * 65}'", 2, "'organization' of [certificates] must be up"),
        ("[certificates]\norganisation = 'a'", 2, "unknown key 'organisation' of [certificates]"),
        ("[[remote]]\nuser = 'u'\nurl = 'https://h'", 1, "[[remote]] 1 lacks 'name'"),
        ("\n[[remote]]\nname = 'n'\nuser = 'u'", 2, "[[remote]] 1 lacks 'url'"),
        ("\n[[remote]]\nname = 'n'\nurl = 'https://h'", 2, "[[remote]] 1 lacks 'user'"),
        (
            "[[remote]]\nname = '../n'\nuser = 'u'\nurl = 'https://h'",
            2,
            "'name' of [[remote]] 1 must be up to 64 letters",
        ),
        (
            "[[remote]]\nname = 'n'\nuser = 'u:v'\nurl = 'https://h'",
            3,
            "'user' of [[remote]] 1 must not contain a colon",
        ),
        ("limits = 3", 1, "'limits': input should be a table"),
        ("[limits]\nmax_spend = nan", 2, "'max_spend' of [limits] is not an amount"),
        ("types = []", 1, "'types': list should have at least 1 item"),
        ("state = ''", 1, "'state' is not the name of a file"),
        ("state = 'a'\nremote = ['a']", 2, "[[remote]] 1: input should be a table"),
        ("remote = 1", 1, "'remote': input should be a valid list"),
        ("state = 'a\x01'", 1, "not TOML: found invalid character"),
        ("state = ", 1, "not TOML: invalid value"),
        ("\n\nstate = 'a", 3, "not TOML: "),
        ("state = " + "9" * 5000, 1, "not TOML: exceeds the limit"),
        ("state = " + "[" * 5000, 1, "not TOML: maximum recursion depth"),
    ],
)
def test_a_file_that_cannot_be_right_is_told_with_its_line(
    write_settings: WriteSettings, text: str, line: int, message: str
) -> None:
    [(number, said)] = refused(write_settings(text))
    assert number == line
    assert said.startswith(message)


def test_every_problem_is_told_at_once(write_settings: WriteSettings) -> None:
    text = 'stat = 1\n[[remote]]\nname = "a"\nurl = "ftp://h"\nuser = "u"\n[limits]\nmax_spend = 1.0\nx = 2\n'
    assert [line for line, _ in refused(write_settings(text))] == [1, 4, 7, 8]


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("password = 'x'", "Keep the password out of this file: name its file with password_file"),
        ("pasword_file = 'x'", "Did you mean 'password_file'?"),
        ("urls = 'x'", "Did you mean 'url'?"),
        ("[hooks]\nlowbalance = ['x']", "Did you mean 'low_balance'?"),
    ],
)
def test_an_unknown_key_has_a_hint(write_settings: WriteSettings, key: str, hint: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        load_settings(write_settings(REMOTE + key), {})
    assert caught.value.hint.startswith(hint)


def test_a_password_in_the_wrong_place_is_never_repeated(write_settings: WriteSettings) -> None:
    text = (
        REMOTE.replace("https://", "https://u:s3cret@")
        + 'password = "s3cret"\n[limits]\nmax_spend = "s3cret"\n'
    )
    with pytest.raises(ConfigInvalid) as caught:
        load_settings(write_settings(text), {})
    assert len(caught.value.problems) == 3
    assert "s3cret" not in repr([str(problem) for problem in caught.value.problems])


SAME_NAME = REMOTE + REMOTE.replace("billing", "other")
SAME_ACCOUNT = REMOTE + REMOTE.replace('"one"', '"two"').replace("/billmgr", "/billmgr?")


@pytest.mark.parametrize(("text", "what"), [(SAME_NAME, "name"), (SAME_ACCOUNT, "url and user")])
def test_two_remotes_that_are_the_same_are_refused(
    write_settings: WriteSettings, text: str, what: str
) -> None:
    assert refused(write_settings(text)) == [(5, f"[[remote]] 2 has the {what} of [[remote]] 1")]


def test_two_users_of_one_billing_are_two_remotes(write_settings: WriteSettings) -> None:
    text = REMOTE + REMOTE.replace('"one"', '"two"').replace("reseller", "second")
    assert len(load_settings(write_settings(text), {}).remotes) == 2
