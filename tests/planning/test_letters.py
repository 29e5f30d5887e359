"""People are told by e-mail and on the desktop; what is in a name of a run or sample stays text."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import ValidationError

from planning.journal import Event
from planning.letters import mail_of, send_mail, show_on_desktop
from planning.notices import Notice, Occasion, occasion_of
from planning.notifier import Notifier

LETTER = {
    "bench": "film-bench",
    "run": "films",
    "event": "question",
    "sample": "s001",
    "text": "Go on?",
    "bench_time_s": 60.0,
}
BY_MAIL = {"email": "ada@example.org", "sender": "bench@example.org"}


@contextmanager
def mail_server() -> Iterator[tuple[str, list[str]]]:
    """A server on this computer that takes every mail."""
    taken: list[str] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while words := self.rfile.readline().decode().strip():
                if words.upper() == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                    taken.append("\n".join(lines))
                self.wfile.write(b"221 bye\r\n" if words.upper() == "QUIT" else b"250 yes\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Session) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}", taken
        server.shutdown()
        thread.join()


def test_a_letter_goes_out_as_mail() -> None:
    with mail_server() as (address, taken):
        assert send_mail(Notice.model_validate({**BY_MAIL, "smtp": address}), LETTER) == ""

    (mail,) = taken
    assert "Subject: film-bench films: question s001" in mail
    assert "To: ada@example.org" in mail
    assert "Go on?" in mail


def test_a_name_cannot_add_a_header() -> None:
    notice = Notice.model_validate({**BY_MAIL, "smtp": "localhost"})

    mail = mail_of(notice, {**LETTER, "run": "films\r\nBcc: eve@example.org"})

    assert "Bcc" not in mail
    assert mail["Subject"] == "film-bench films Bcc: eve@example.org: question s001"


def test_a_mail_server_that_is_not_there_costs_a_line_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planning.notifier.AGAIN_S", ())
    monkeypatch.setenv("MAIL_USER", "ada")
    monkeypatch.setenv("MAIL_PASSWORD", "very secret")
    notice = {
        **BY_MAIL,
        "smtp": "127.0.0.1:9",
        "user_from": "MAIL_USER",
        "password_from": "MAIL_PASSWORD",
        "of": "late",
    }
    notifier = Notifier([Notice.model_validate(notice)], {"bench": "b", "run": "r"})

    notifier.event(Event(1, 0.0, "late", "s001", "s001.dose", "", {"what": "it is late"}))
    notifier.close()

    (why,) = notifier.failures()
    assert why.startswith("ada@example.org was not told of 'late': ")
    assert "very secret" not in why


def test_the_desktop_is_told_without_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/shown\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert show_on_desktop({**LETTER, "text": "--help $(touch x); `id`"}) == ""

    shown = (tmp_path / "shown").read_text().splitlines()
    assert shown == ["--app-name=Athanor", "--", "film-bench films: question s001", "--help $(touch x); `id`"]


def test_a_desktop_without_the_program_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert show_on_desktop(LETTER) == "notify-send is not installed"


@pytest.mark.parametrize("wrong", [
    {**BY_MAIL}, {"smtp": "mail.example.org", "desktop": True}, {"desktop": True, "webhook_from": "X"},
    {**BY_MAIL, "smtp": "localhost", "user_from": "X"}, {"desktop": True, "token_from": "X"}, {},
])  # fmt: skip
def test_a_notice_that_cannot_be_followed_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Notice.model_validate(wrong)


def test_suggestions_that_wait_are_an_occasion() -> None:
    event = Event(1, 0.0, "proposed", "", "", "", {"suggestions": [{"name": "p001"}, {"name": "p002"}]})

    assert occasion_of(event) == (Occasion.APPROVAL, "2 suggestions wait for approval")
