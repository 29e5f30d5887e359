"""A simulated bench in a process of its own: serial devices as pseudo-terminals, devices on the network on TCP, cameras
as http snapshots.

    python -m hardware_sim.host LAB.yaml --seed 7 --speed 300 --epoch 1767254400 --log truth.jsonl

The first line on standard output says where everything is: {"addresses": {device: path, host:port[,port] or URL},
"pid": ...}. It runs until SIGTERM. Clients may come, die and come back.
"""

import argparse
import json
import os
import selectors
import signal
import socket
from collections.abc import Callable, Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from hardware_sim.fault_plan import parse_faults
from hardware_sim.laboratory import Laboratory
from hardware_sim.wire.noise import LineDown
from hardware_sim.wire.serial_pty import SerialPty
from hardware_sim.wire.tcp_server import TcpServer
from robot.clock import WallClock
from robot.config import LabConfig
from robot.device_settings import OpenCvCameraSettings, OpentronsOT2Settings
from robot.wire.video import VideoSource

LISTEN_S = 0.004  # half a period of the fastest that speaks by itself: RTDE of a Universal Robots arm, 125 Hz
LOCAL = "127.0.0.1"
WEB_PORT = 31950
CLIENT_TIMEOUT_S = 2.0  # a browser that opens a connection and says nothing must not hold up the bench


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop."""
    wishes = _parser().parse_args(arguments)
    lab = LabConfig.load(wishes.lab)
    faults = parse_faults(wishes.faults, np.random.default_rng(wishes.seed), lab)
    clock = WallClock(wishes.speed, wishes.epoch)
    laboratory = Laboratory(lab, clock, wishes.seed, truth=wishes.truth, faults=faults, log=wishes.log)
    Host(laboratory, lab, wishes.at).serve()


class Host:
    """All wires of a laboratory under one selector: one thing happens at a time."""

    def __init__(self, laboratory: Laboratory, lab: LabConfig, at: str | None = None) -> None:
        cameras = [name for name, device in lab.devices.items() if isinstance(device, OpenCvCameraSettings)]
        networked = [name for name in lab.devices if laboratory.channels(name)]
        web = [name for name, device in lab.devices.items() if isinstance(device, OpentronsOT2Settings)]
        serial = [wire for name in lab.devices if name not in (*cameras, *web) for wire in laboratory.wires(name)]
        self._laboratory = laboratory
        self._links = TemporaryDirectory(prefix="bench-")
        self._ptys = {
            wire: SerialPty(partial(laboratory.hear, wire), Path(self._links.name, wire.replace("/", "-")))
            for wire in serial
        }
        self._servers = {name: _servers(laboratory, name, at) for name in networked}
        self._servers |= {name: [TcpServer(laboratory, name, "", at or LOCAL, WEB_PORT if at else 0)] for name in web}
        videos = {f"/{name}.png": laboratory.video(name) for name in cameras}
        self._http = HTTPServer((LOCAL, 0), partial(_Snapshots, videos))
        url = f"http://{LOCAL}:{self._http.server_port}"
        self.addresses = {name: pty.path for name, pty in self._ptys.items()}
        self.addresses |= {name: _address(at or LOCAL, servers) for name, servers in self._servers.items()}
        self.addresses |= {name: f"http://{self.addresses[name]}" for name in web}
        self.addresses |= {name: f"{url}/{name}.png" for name in cameras}

    def serve(self) -> None:
        """Say where everything is, then answer until SIGTERM."""
        stop, wake = socket.socketpair()
        wake.setblocking(False)
        signal.set_wakeup_fd(wake.fileno())
        signal.signal(signal.SIGTERM, lambda *_: None)  # its byte on the pair is what ends the loop
        with selectors.DefaultSelector() as selector:
            for pty in self._ptys.values():
                selector.register(pty, selectors.EVENT_READ, partial(_served, pty, pty.serve, selector))
            for server in self._all_servers():
                server.open(selector)
            selector.register(self._http, selectors.EVENT_READ, self._http.handle_request)
            selector.register(stop, selectors.EVENT_READ, None)
            print(json.dumps({"addresses": self.addresses, "pid": os.getpid()}), flush=True)
            while _serve_ready(selector):
                self._push(selector)
            self._close()
        signal.set_wakeup_fd(-1)
        stop.close()
        wake.close()

    def _push(self, selector: selectors.BaseSelector) -> None:
        """Let devices say what they have to say unasked; who was unplugged comes back when the time is over."""
        for pty in self._ptys.values():
            _served(pty, pty.push, selector)
        for server in self._all_servers():
            server.push()

    def _all_servers(self) -> list[TcpServer]:
        return [server for servers in self._servers.values() for server in servers]

    def _close(self) -> None:
        for pty in self._ptys.values():
            pty.close()
        for server in self._all_servers():
            server.close()
        self._http.server_close()
        self._links.cleanup()
        self._laboratory.close()


def _served(pty: SerialPty, serve: Callable[[], None], selector: selectors.BaseSelector) -> None:
    """Serve a pseudo-terminal, and have it in the selector exactly while it is plugged in."""
    try:
        serve()
    except LineDown:
        if pty.is_plugged_in:
            selector.unregister(pty)
            pty.close()
    else:
        if not pty.is_plugged_in:
            pty.plug_in()
            selector.register(pty, selectors.EVENT_READ, partial(_served, pty, pty.serve, selector))


def _servers(laboratory: Laboratory, device: str, at: str | None) -> list[TcpServer]:
    """One for each channel: on the maker's ports of the address `at`, or on free ones of this machine."""
    channels = laboratory.channels(device)
    return [TcpServer(laboratory, device, name, at or LOCAL, port if at else 0) for name, port in channels.items()]


def _address(host: str, servers: Sequence[TcpServer]) -> str:
    return f"{host}:{','.join(str(server.port) for server in servers)}"


def _serve_ready(selector: selectors.BaseSelector) -> bool:
    """Serve whoever waits; say whether to go on."""
    ready: list[Callable[[], None] | None] = [key.data for key, _ in selector.select(LISTEN_S)]
    for serve in ready:
        if serve is not None:
            serve()
    return None not in ready


class _Snapshots(BaseHTTPRequestHandler):
    """Answers with a fresh picture each time."""

    timeout = CLIENT_TIMEOUT_S

    def __init__(self, videos: dict[str, VideoSource], *connection: object) -> None:
        self._videos = videos
        super().__init__(*connection)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Take a picture and send it as PNG."""
        video = self._videos.get(self.path)
        if video is None:
            self.send_error(404, f"there are {', '.join(self._videos)}")
            return
        is_read, picture = video.read()
        if not is_read:
            self.send_error(503, "no picture came")
            return
        png = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(png)))
        self.end_headers()
        self.wfile.write(png)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hardware_sim.host", description="Serve a simulated bench.")
    parser.add_argument("lab", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--speed", type=float, default=300.0, help="bench seconds per second")
    parser.add_argument("--epoch", type=float, help="POSIX seconds at which bench time was 0; default: now")
    parser.add_argument("--truth", help="a table of measured films, instead of the lab file's truth")
    parser.add_argument("--faults", default="", help="such as lost-reply@arm:12,short-aspirate:3")
    parser.add_argument("--at", help="serve devices on the network at this address, on their makers' ports")
    parser.add_argument("--log", type=Path, required=True, help="where the ground truth is written")
    return parser


if __name__ == "__main__":
    main()
