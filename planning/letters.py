"""Ways to tell people besides the web: e-mail, and the desktop of this computer."""

import os
import shutil
import ssl
import subprocess
from collections.abc import Mapping
from email.message import EmailMessage
from smtplib import SMTP, SMTP_SSL
from typing import Any

from planning.notices import LOCAL, PRIVATE_MAIL_PORT, Notice

WITHIN_S = 10.0
"""For one exchange."""


def title_of(letter: Mapping[str, Any]) -> str:
    """What a letter is about, in one line."""
    return " ".join(f"{letter['bench']} {letter['run']}: {letter['event']} {letter['sample']}".split())


def mail_of(notice: Notice, letter: Mapping[str, Any]) -> EmailMessage:
    """A letter as e-mail: plain text."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = title_of(letter), notice.sender, ", ".join(notice.email)
    details = "\n".join(f"{name}: {value}" for name, value in letter.items() if value != "")
    mail.set_content(f"{letter['text']}\n\n{details}\n")
    return mail


def send_mail(notice: Notice, letter: Mapping[str, Any]) -> str:
    """Send a letter by the notice's mail server, encrypted unless that is this computer.

    Raises:
        SMTPException, OSError: it was not taken.
    """
    host, port = notice.mail_server
    context = ssl.create_default_context()
    server = (
        SMTP_SSL(host, port, timeout=WITHIN_S, context=context)
        if port == PRIVATE_MAIL_PORT
        else SMTP(host, port, timeout=WITHIN_S)
    )
    with server:
        if port != PRIVATE_MAIL_PORT and host not in LOCAL:
            server.starttls(context=context)
        if notice.user_from:
            server.login(os.environ[notice.user_from], os.environ[notice.password_from])
        server.send_message(mail_of(notice, letter))
    return ""


def show_on_desktop(letter: Mapping[str, Any]) -> str:
    """Show a letter on this desktop; return why it cannot be shown, if it cannot."""
    program = shutil.which("notify-send")
    if program is None:
        return "notify-send is not installed"
    words = [program, "--app-name=Athanor", "--", title_of(letter), str(letter["text"])]
    done = subprocess.run(words, capture_output=True, timeout=WITHIN_S, check=False)  # noqa: S603 - without a shell
    return "" if done.returncode == 0 else f"it ended with {done.returncode}"
