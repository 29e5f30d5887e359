"""`athanor dashboard`: the pages and the REST interface."""

from pathlib import Path
from typing import Annotated

import typer

INSTALL = "pip install 'athanor[dashboard]'"


def dashboard(
    config: Annotated[Path | None, typer.Option("--config", help="A dashboard.yaml; options come before it.")] = None,
    host: Annotated[
        str | None, typer.Option("--host", help="Where to listen; this computer alone if left out.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="8420 if left out.")] = None,
    runs: Annotated[Path | None, typer.Option("--runs", help="The folder of runs.")] = None,
    files: Annotated[Path | None, typer.Option("--files", help="Below it lie lab files, protocols, campaigns.")] = None,
    tls_cert: Annotated[Path | None, typer.Option("--tls-cert", help="Certificate chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="Its key, PEM.")] = None,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help="A proxy on this computer sees to TLS.")] = False,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="A name under which it is asked for, such as lab.example.org.")
    ] = None,
    login: Annotated[bool, typer.Option("--login", help="Ask for a login on this computer, too.")] = False,
) -> None:
    """Show runs, campaigns and the bench in a browser, and serve the REST interface. Ctrl-C ends it; runs go on.

    Without --host this computer alone can reach it, and needs no login. Elsewhere it wants TLS and accounts.

    [dim]athanor dashboard[/]
    [dim]athanor dashboard --host 192.168.1.20 --tls-cert lab.pem --tls-key lab.key[/]
    """
    from planning.errors import Refused

    try:
        from console.service.serving import serve
        from console.service.settings import Settings
    except ImportError as err:
        raise Refused(f"the dashboard needs the library {err.name}", INSTALL) from err
    given = {
        "host": host, "port": port, "runs": runs, "files": files, "tls_cert": tls_cert, "tls_key": tls_key,
        "names": name, "behind_proxy": behind_proxy or None, "login": login or None,
    }  # fmt: skip
    base = Settings.load(config) if config else Settings()
    serve(base.model_copy(update={key: value for key, value in given.items() if value is not None}))
