"""The settings' table about certificates."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest

from cpbillmgr.config.directives.file import Directives
from cpbillmgr.config.lint.beside import missing_approver
from cpbillmgr.config.settings.certificates import CertificateSettings
from cpbillmgr.config.settings.loading import load_settings, rules_of
from cpbillmgr.config.settings.show import masked
from cpbillmgr.model.certificates import Contact, Subject
from cpbillmgr.model.products import ProductType
from tests.config.conftest import REMOTE, WriteSettings, refused

WHOLE = """\
[certificates]
folder = "ssl"
approver = "admin"
days_before = 20
organization = "Example Ltd"
unit = "Hosting"
city = "Köln"
region = "NRW"
country = "DE"
country_id = 61
first_name = "Ada"
last_name = "Example"
job_title = "Administrator"
email = "ssl@bücher.example"
phone = "+49 221 1234"
"""
SSL = REMOTE + 'product_type = "certificate"\n'
SAMPLE = Path(__file__).parents[2] / "conf" / "cpbillmgr.toml"


def test_the_table_is_read_whole(write_settings: WriteSettings) -> None:
    path = write_settings(WHOLE)
    found = load_settings(path, {}).certificates
    assert (found.folder, found.approver, found.days_before) == (path.parent / "ssl", "admin", 20)
    mail = "ssl@xn--bcher-kva.example"
    assert found.subject("example.com", ("example.net",)) == Subject(
        "example.com", ("example.net",), "Example Ltd", "Hosting", "Köln", "NRW", "DE", mail
    )
    assert found.contact == Contact("Ada", "Example", "Administrator", mail, "+49 221 1234")
    assert found.country_id == 61


def test_what_is_not_said_is_not_asked_for(write_settings: WriteSettings) -> None:
    found = load_settings(write_settings(REMOTE), {"HOME": "/home/u"}).certificates
    assert found == CertificateSettings()
    assert (found.approver, found.days_before) == (None, 30)
    assert (found.subject("example.com"), found.contact) == (Subject("example.com"), Contact())


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ('state = "/s/state.db"', "/s/certificates"),
        ('state = "/s/state.db"\n[certificates]\nfolder = "/etc/ssl/ours"', "/etc/ssl/ours"),
    ],
)
def test_the_files_are_beside_the_state_unless_the_settings_name_a_folder(
    write_settings: WriteSettings, text: str, folder: str
) -> None:
    settings = load_settings(write_settings(text), {})
    assert settings.certificate_folder == Path(folder)
    assert masked(settings)["certificates"] == {"days_before": 30, "folder": folder}


def test_certificates_are_renewed_so_many_days_before_their_end_and_licenses_as_before(
    write_settings: WriteSettings,
) -> None:
    settings = load_settings(write_settings("[certificates]\ndays_before = 45\n" + REMOTE), {})
    (remote,) = settings.remotes
    days = {
        product: rules_of(settings, replace(remote, product_type=product), Directives()).days_before
        for product in ProductType
    }
    assert days == {**dict.fromkeys(ProductType, 1), ProductType.CERTIFICATE: 45}


def test_who_approves_is_a_rule(write_settings: WriteSettings) -> None:
    for table, approver in (("", ""), ('[certificates]\napprover = "admin"\n', "admin")):
        settings = load_settings(write_settings(table + SSL), {})
        assert rules_of(settings, settings.remotes[0], Directives()).approver == approver


def test_a_remote_of_generation_4_sells_none(write_settings: WriteSettings) -> None:
    [(_, told)] = refused(write_settings(f"{SSL}generation = 4\n"))
    assert "sells no certificate" in told


@pytest.mark.parametrize(
    ("text", "warned"), [(SSL, True), (SSL + '[certificates]\napprover = "admin"', False), (REMOTE, False)]
)
def test_certificates_that_nobody_approves_are_warned_about(
    write_settings: WriteSettings, text: str, *, warned: bool
) -> None:
    settings = load_settings(write_settings(text), {})
    told = [problem.message for problem in missing_approver(settings, settings.remotes[0], "file")]
    assert told == (["remote one sells certificates, and there is no approver of them"] if warned else [])


@pytest.mark.skipif(not SAMPLE.is_file(), reason="there is no conf here, as in an installed package")
def test_the_sample_shows_every_key(write_settings: WriteSettings) -> None:
    _, begin, rest = SAMPLE.read_text(encoding="utf-8").partition("# [certificates]")
    table = (begin + rest.partition("\n\n")[0]).replace("\n# ", "\n").removeprefix("# ")
    shown = tomllib.loads(table)["certificates"]
    assert list(shown) == [each.name for each in fields(CertificateSettings)]
    assert load_settings(write_settings(table), {}).certificates.country_id == shown["country_id"]
