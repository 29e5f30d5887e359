"""`athanor account`: who may use the dashboard from elsewhere."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.options import Json

if TYPE_CHECKING:
    from console.service.access.accounts import Accounts

app = typer.Typer(no_args_is_help=True, help="Say who may use the dashboard from elsewhere, and what they may do.")


class RoleName(StrEnum):
    """What an account may do."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    OWNER = "owner"


Name = Annotated[str, typer.Argument(help="The account, such as ada.")]
Role = Annotated[
    RoleName,
    typer.Option("--role", help="viewer: see, and stop; operator: run; owner: begin runs on real devices, too."),
]
File = Annotated[Path | None, typer.Option("--accounts", help="The file; ~/.config/athanor/accounts.json if left out.")]
FromEnvironment = Annotated[
    str,
    typer.Option("--password-from", help="The environment variable that holds the password; asked for if left out."),
]


@app.command("add")
def add(name: Name, role: Role, accounts: File = None, password_from: FromEnvironment = "") -> None:
    """Make an account; the password is asked for.

    [dim]athanor account add ada --role owner[/]
    """
    from console.service.access.roles import Role as Roles

    _accounts(accounts).add(name, Roles[role.name], _password(password_from))
    print(f"{name} is {role.value}")


@app.command("remove")
def remove(name: Name, accounts: File = None) -> None:
    """Take an account, or a machine's token, away; its sessions end at once.

    [dim]athanor account remove ada[/]
    """
    _accounts(accounts).remove(name)
    print(f"{name} may do nothing any more")


@app.command("list")
def list_(accounts: File = None, as_json: Json = False) -> None:
    """List accounts and tokens, with their roles.

    [dim]athanor account list[/]
    """
    import json

    known = _accounts(accounts)
    rows = [("person", name, role.word) for name, role in known.people().items()]
    rows += [("machine", name, role.word) for name, role in known.machines().items()]
    if as_json:
        print(json.dumps([{"kind": kind, "name": name, "role": role} for kind, name, role in rows], indent=1))
        return
    for kind, name, role in rows:
        print(f"{kind:8} {role:9} {name}")
    if not rows:
        print("no accounts; athanor account add NAME --role owner")


@app.command("passwd")
def passwd(name: Name, accounts: File = None, password_from: FromEnvironment = "") -> None:
    """Give an account another password.

    [dim]athanor account passwd ada[/]
    """
    _accounts(accounts).set_password(name, _password(password_from))
    print(f"{name} has a new password")


@app.command("token")
def token(name: Name, role: Role, accounts: File = None) -> None:
    """Make a token for a machine, to be shown as `Authorization: Bearer …`. It is printed once and kept nowhere.

    [dim]athanor account token prometheus --role viewer[/]
    """
    from console.service.access.roles import Role as Roles

    print(_accounts(accounts).make_token(name, Roles[role.name]))


def _accounts(path: Path | None) -> "Accounts":
    from planning.errors import Refused

    try:
        from console.service.access.accounts import Accounts, default_path
    except ImportError as err:
        raise Refused(f"accounts need the library {err.name}", "pip install 'athanor[dashboard]'") from err
    return Accounts(path or default_path())


def _password(variable: str) -> str:
    import os

    from planning.errors import Refused

    if not variable:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    if not os.environ.get(variable):
        raise Refused(f"{variable} is not set", "Set it, or leave --password-from out to be asked")
    return os.environ[variable]
