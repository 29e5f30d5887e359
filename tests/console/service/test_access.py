"""Who may come in, and what they may do: nothing moves, and nothing is told, for anybody else."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
from argon2 import PasswordHasher
from starlette.types import ASGIApp, Message, Scope

from console.service.access import accounts as accounts_module
from console.service.access.accounts import Accounts
from console.service.access.door import Turned
from console.service.access.roles import NEEDS, Caller, NotAllowed, Role
from console.service.access.sessions import IDLE_S, LASTS_S, WINDOW_S
from planning.errors import Refused

from .browsing import Browser
from .conftest import PASSWORD, Serve, Served

API = "/api/v1"
EVIL = "https://elsewhere.example"
ACTS: dict[str, tuple[str, str, object, Role]] = {
    "stop": ("POST", "/runs/films/stop", None, Role.VIEWER),
    "stop all": ("POST", "/stop", None, Role.VIEWER),
    "pause": ("POST", "/runs/films/pause", None, Role.OPERATOR),
    "resume": ("POST", "/runs/films/resume", None, Role.OPERATOR),
    "skip": ("POST", "/runs/films/skip", {"sample": "s001"}, Role.OPERATOR),
    "retry": ("POST", "/runs/films/retry", {"sample": "s001"}, Role.OPERATOR),
    "abort": ("POST", "/runs/films/abort", None, Role.OPERATOR),
    "answer": ("POST", "/runs/films/questions/s001.ask", {"answer": "yes"}, Role.OPERATOR),
    "overrule": ("POST", "/runs/films/looks/1", {"answer": "no"}, Role.OPERATOR),
    "approve": ("POST", "/runs/films/suggestions/p001/approve", None, Role.OPERATOR),
    "hold": ("POST", "/runs/films/suggestions/p001/hold", None, Role.OPERATOR),
    "edit": ("PUT", "/runs/films/suggestions/p001", {"values": {"anneal_c": 140}}, Role.OPERATOR),
    "add": ("POST", "/runs/films/suggestions", {"values": {"anneal_c": 140}}, Role.OPERATOR),
    "check": ("POST", "/check", {"file": "nothing.yaml"}, Role.OPERATOR),
    "dry run": ("POST", "/runs", {"file": "nothing.yaml"}, Role.OPERATOR),
    "start real": ("POST", "/runs", {"file": "nothing.yaml", "mode": "real"}, Role.OWNER),
}
every_act = pytest.mark.parametrize("act", list(ACTS))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashes with less work."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(accounts_module, "_HASHER", hasher)
    monkeypatch.setattr(accounts_module, "_NOBODYS", hasher.hash("nobody"))


async def knock_at(app: ASGIApp, scope: Scope, said: list[Message]) -> None:
    """Open a socket; collect what the application answers."""

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        said.append(message)

    await app(scope, receive, send)


def perform(client: Browser, act: str, **headers: str) -> int:
    method, path, body, _ = ACTS[act]
    return int(client.request(method, API + path, json=body, headers=headers).status_code)


def logged_in(served: Served, role: Role = Role.OWNER, name: str = "ada") -> tuple[Browser, str]:
    """A browser with a session, and the token that its changes show."""
    served.door.accounts.add(name, role, PASSWORD)
    client = served.client()
    answer = client.post(f"{API}/session", json={"account": name, "password": PASSWORD})
    return client, answer.json()["csrf"]


@every_act
def test_a_role_that_does_not_reach_so_far_is_refused(serve: Serve, act: str) -> None:
    served, needed = serve(login=True), ACTS[act][3]

    answers = {role: perform(served.machine(role), act) for role in Role}

    assert {role for role, status in answers.items() if status == 403} == {role for role in Role if role < needed}
    assert all(status < 500 for status in answers.values())


@every_act
def test_without_a_login_nothing_can_be_done(serve: Serve, act: str) -> None:
    assert perform(serve(login=True).client(), act) == 401


@pytest.mark.parametrize("path", ["/runs", "/runs/films", "/runs/films/bench", "/files", "/openapi.json"])
def test_without_a_login_nothing_can_be_seen(serve: Serve, path: str) -> None:
    client = serve(login=True).client()

    assert client.get(API + path).status_code == 401
    assert client.get("/metrics").status_code == 401


def test_every_action_has_a_role_and_stop_needs_the_least() -> None:
    assert NEEDS["stop"] is min(Role)
    with pytest.raises(NotAllowed, match="bob is viewer, and to pause needs operator"):
        Caller("bob", Role.VIEWER).require("pause")


def test_on_this_computer_nobody_logs_in(serve: Serve) -> None:
    me = serve().client().get(f"{API}/session").json()

    assert (me["role"], me["needs_login"]) == ("owner", False)


@pytest.mark.parametrize("headers", [{"origin": EVIL}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}])
@pytest.mark.parametrize("login", [False, True])
def test_another_site_can_do_nothing_through_a_browser(serve: Serve, headers: dict[str, str], login: bool) -> None:
    served = serve(login=login)
    client, csrf = logged_in(served) if login else (served.client(), "")

    answers = {perform(client, act, **{**headers, "x-csrf-token": csrf}) for act in ACTS}

    assert answers == {403}


def test_a_session_alone_changes_nothing_without_its_token(serve: Serve) -> None:
    client, csrf = logged_in(serve(login=True))

    without, wrong, right = (
        perform(client, "check", **headers) for headers in ({}, {"x-csrf-token": "a" * 43}, {"x-csrf-token": csrf})
    )

    assert (without, wrong, right) == (403, 403, 404)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8420", "", "[::2]"])
def test_who_asks_under_another_name_is_turned_away(serve: Serve, host: str) -> None:
    answer = serve().client().get(f"{API}/runs", headers={"host": host})

    assert answer.status_code == 421


def test_a_socket_of_another_site_is_turned_away(serve: Serve) -> None:
    app, host = serve().app, (b"host", b"127.0.0.1:8420")

    for headers in ([host, (b"origin", EVIL.encode())], [host]):
        said: list[Message] = []
        anyio.run(knock_at, app, {"type": "websocket", "path": "/anything", "headers": headers}, said)
        assert [(message["type"], message.get("code")) for message in said] == [("websocket.close", 1008)]


@pytest.mark.parametrize("forge", [
    lambda cookie: cookie[:-1] + ("0" if cookie[-1] != "0" else "1"),
    lambda cookie: cookie.replace(cookie[:4], "AAAA", 1),
    lambda cookie: cookie.partition(".")[0],
    lambda cookie: "", lambda cookie: "a.b.c", lambda cookie: '"', lambda cookie: "ä.ö",
])  # fmt: skip
def test_a_forged_cookie_is_worth_nothing(serve: Serve, forge: Callable[[str], str]) -> None:
    served = serve(login=True)
    client, _ = logged_in(served)
    cookie = forge(client.cookies["athanor"])

    answer = served.client().get(f"{API}/runs", headers={b"cookie": f"athanor={cookie}".encode()})  # type: ignore[dict-item]

    assert answer.status_code == 401


def test_a_session_ends_by_logging_out_and_cannot_be_replayed(serve: Serve) -> None:
    served = serve(login=True)
    client, csrf = logged_in(served)
    kept = {"cookie": f"athanor={client.cookies['athanor']}"}

    assert client.delete(f"{API}/session", headers={"x-csrf-token": csrf}).status_code == 204

    assert served.client().get(f"{API}/runs", headers=kept).status_code == 401


def test_a_session_ends_by_itself(serve: Serve) -> None:
    served = serve(login=True)
    client, _ = logged_in(served)
    served.wall.at_s += IDLE_S + 1
    idle = client.get(f"{API}/files").status_code
    client, _ = logged_in(served, name="bob")
    statuses = []
    while served.wall.at_s < IDLE_S + LASTS_S + 2:
        served.wall.at_s += IDLE_S / 2
        statuses.append(client.get(f"{API}/session").json()["name"])

    assert idle == 401
    assert statuses[0] == "bob"
    assert statuses[-1] == ""


def test_an_account_that_was_removed_is_logged_out_at_once(serve: Serve) -> None:
    served = serve(login=True)
    client, _ = logged_in(served)
    before = client.get(f"{API}/files").status_code

    served.door.accounts.remove("ada")

    assert (before, client.get(f"{API}/files").status_code) == (200, 401)


def test_a_thousand_quick_tries_are_held_up(serve: Serve) -> None:
    served = serve(login=True)
    served.door.accounts.add("ada", Role.OWNER, PASSWORD)
    client = served.client()

    statuses = []
    for number in range(1000):
        with pytest.raises(Turned) as caught:
            served.door.log_in("ada", f"guess {number}", "127.0.0.1")
        statuses.append(caught.value.status)
    held_up = client.post(f"{API}/session", json={"account": "ada", "password": PASSWORD})

    assert statuses == [401] * 5 + [429] * 995
    assert held_up.status_code == 429
    assert int(held_up.headers["retry-after"]) <= WINDOW_S + 1
    served.wall.at_s += WINDOW_S + 1
    assert client.post(f"{API}/session", json={"account": "ada", "password": PASSWORD}).status_code == 200


def test_accounts_that_are_not_there_are_not_told_apart(serve: Serve) -> None:
    served = serve(login=True)
    served.door.accounts.add("ada", Role.OWNER, PASSWORD)
    client = served.client()

    known, unknown = (
        client.post(f"{API}/session", json={"account": name, "password": "wrong wrong"}) for name in ("ada", "eve")
    )

    assert known.json() == unknown.json()


def test_logins_stand_in_the_audit_without_passwords(serve: Serve, tmp_path: Path) -> None:
    served = serve(login=True)
    logged_in(served)
    served.client().post(f"{API}/session", json={"account": "ada", "password": "wrong wrong"})

    lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]

    assert [line["what"] for line in lines] == ["login", "login failed"]
    assert "wrong wrong" not in (tmp_path / "audit.jsonl").read_text()


def test_the_file_of_accounts_holds_hashes_and_is_for_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "accounts.json"
    accounts = Accounts(path)
    accounts.add("ada", Role.OWNER, PASSWORD)
    token = accounts.make_token("scraper", Role.VIEWER)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text()
    assert token not in path.read_text()
    assert "$argon2id$" in path.read_text()
    assert accounts.machine(token) == ("scraper", Role.VIEWER)
    with pytest.raises(Refused, match="shorter"):
        accounts.add("bob", Role.VIEWER, "short")
    with pytest.raises(Refused, match="already"):
        accounts.add("ada", Role.VIEWER, PASSWORD)


def test_the_page_to_log_in_leads_nowhere_else(serve: Serve) -> None:
    served = serve(login=True)
    served.door.accounts.add("ada", Role.OWNER, PASSWORD)
    form = {"account": "ada", "password": PASSWORD, "next": f"{EVIL}/x"}

    answer = served.client().post("/login", data=form, follow_redirects=False)
    shown = served.client().get('/login?next="><script>alert(1)</script>')

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "<script>" not in shown.text
    assert "httponly" in answer.headers["set-cookie"].lower()


def test_every_answer_tells_browsers_to_be_careful(serve: Serve) -> None:
    headers = serve().client().get(f"{API}/runs").headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"
