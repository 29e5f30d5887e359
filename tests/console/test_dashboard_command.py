"""`athanor dashboard` and `athanor account`: what is refused before anything listens."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from console.cli import app
from console.service.access.accounts import Accounts
from console.service.access.roles import Role
from console.service.settings import Settings
from planning.errors import Refused
from robot.files import FileProblem

PASSWORD = "correct horse battery"


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    (tmp_path / "lab.pem").write_text("")
    return tmp_path / "lab.pem"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_computer_needs_neither_tls_nor_accounts(host: str) -> None:
    settings = Settings(host=host)

    settings.require_safe(has_owner=False)

    assert not settings.needs_login
    assert settings.hosts == {"127.0.0.1", "localhost", "::1"}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "lab.example.org", "::", "", "127.0.0.2"])
def test_any_other_address_is_refused_without_tls(host: str) -> None:
    with pytest.raises(Refused, match="can be reached from elsewhere"):
        Settings(host=host).require_safe(has_owner=True)


def test_any_other_address_is_refused_without_an_owner(pem: Path) -> None:
    settings = Settings(host="192.168.1.20", tls_cert=pem, tls_key=pem)

    with pytest.raises(Refused, match="there is no account of an owner"):
        settings.require_safe(has_owner=False)
    settings.require_safe(has_owner=True)
    assert settings.needs_login
    assert settings.hosts == {"192.168.1.20"}


def test_who_listens_everywhere_must_know_its_name(pem: Path) -> None:
    settings = Settings(host="0.0.0.0", tls_cert=pem, tls_key=pem)

    with pytest.raises(Refused, match="under which name"):
        settings.require_safe(has_owner=True)
    settings.model_copy(update={"names": ["lab.example.org"]}).require_safe(has_owner=True)


def test_behind_a_proxy_one_logs_in_even_on_this_computer() -> None:
    settings = Settings(behind_proxy=True, names=["Lab.example.org"])

    with pytest.raises(Refused, match="no account"):
        settings.require_safe(has_owner=False)
    assert settings.is_private
    assert "lab.example.org" in settings.hosts


def test_a_certificate_without_its_key_is_refused(pem: Path) -> None:
    with pytest.raises(Refused, match="belong together"):
        Settings(host="192.168.1.20", tls_cert=pem).require_safe(has_owner=True)


def test_settings_are_read_from_a_file_with_paths_beside_it(tmp_path: Path) -> None:
    (tmp_path / "dashboard.yaml").write_text("host: 192.168.1.20\nruns: films\ntls_cert: lab.pem\n")

    settings = Settings.load(tmp_path / "dashboard.yaml")

    assert (settings.runs, settings.tls_cert) == (tmp_path / "films", tmp_path / "lab.pem")
    (tmp_path / "dashboard.yaml").write_text("hots: 192.168.1.20\n")
    with pytest.raises(FileProblem, match="no such field"):
        Settings.load(tmp_path / "dashboard.yaml")


def test_the_command_refuses_to_listen_elsewhere_unprotected() -> None:
    told = CliRunner().invoke(app, ["dashboard", "--host", "0.0.0.0"])

    assert isinstance(told.exception, Refused)
    assert "--tls-cert" in str(told.exception)


def test_accounts_are_made_listed_changed_and_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, run = tmp_path / "accounts.json", CliRunner()
    where = ["--accounts", str(file)]
    monkeypatch.setenv("FIRST", PASSWORD)
    monkeypatch.setenv("SECOND", f"{PASSWORD} too")

    run.invoke(app, ["account", "add", "ada", "--role", "owner", "--password-from", "FIRST", *where])
    token = run.invoke(app, ["account", "token", "prometheus", "--role", "viewer", *where]).output.strip()
    listed = run.invoke(app, ["account", "list", *where]).output
    run.invoke(app, ["account", "passwd", "ada", "--password-from", "SECOND", *where])
    accounts = Accounts(file)
    is_new, is_old = accounts.is_password("ada", f"{PASSWORD} too"), accounts.is_password("ada", PASSWORD)
    run.invoke(app, ["account", "remove", "prometheus", *where])

    assert [line.split() for line in listed.splitlines()] == [
        ["person", "owner", "ada"],
        ["machine", "viewer", "prometheus"],
    ]
    assert (is_new, is_old) == (True, False)
    assert accounts.machine(token) is None
    assert accounts.people() == {"ada": Role.OWNER}
