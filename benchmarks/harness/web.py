"""Servers of HTTP: Magpie, a bare application of the same stack, and nginx."""

from __future__ import annotations

import http.client
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.harness.processes import Program, until
from benchmarks.places import BARE, NGINX, SECRET, WEB, WORK

PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin") or "nginx"
SOON = 5.0
LOGS = WORK / "logs"
FILE = b"x" * 1000
NGINX_CONF = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    access_log off; keepalive_requests 1000000; default_type application/json;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port}; root {folder}/files;
        location /plain/ {{ gzip off; }}
        location /packed/ {{ gzip_static always; }}
    }}
}}
"""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """One GET on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def ready(program: Program, port: int, path: str) -> Iterator[bool]:
    """Whether a server answers by now, asked again and again."""
    while True:
        with suppress(OSError, http.client.HTTPException):
            if get(port, path).status == 200:
                yield True
                return
        if program.process.poll() is not None:
            raise RuntimeError(f"{program.command[0]} has ended at once: {program.log}")
        yield False


def free(port: int) -> Iterator[bool]:
    """Whether nothing listens any longer: what is left of an earlier run would be measured in place of ours."""
    while True:
        with socket.socket() as asking:
            yield asking.connect_ex(("127.0.0.1", port)) != 0


class Magpie(Program):
    """`magpie serve` on a database; `started` is how many seconds it took to its first answer."""

    started: float

    def __init__(self, database_url: str, *, workers: int = 2) -> None:
        self.database_url = database_url
        environment = {
            "MAGPIE_DATABASE_URL": database_url, "MAGPIE_DATA_DIR": str(WORK / "data"), "MAGPIE_SECRET_KEY": SECRET,
            "MAGPIE_RATE_LIMIT": "0", "MAGPIE_LOG_LEVEL": "warning", "MAGPIE_BASE_URL": url(WEB),
        }  # fmt: skip
        magpie = [sys.executable, "-c", "from api.cli import main; main()"]
        command = [*magpie, "serve", "--workers", str(workers), "--port", str(WEB)]
        super().__init__(command, LOGS / "magpie.log", environment)

    def start(self) -> None:
        """Begin, and wait for the first answer."""
        until(free(WEB), f"port {WEB} free", SOON)
        super().start()
        self.started = until(ready(self, WEB, "/api/v1/events?limit=1"), "an answer of Magpie")


class Bare(Program):
    """benchmarks/bare.py by the same server program and as many workers."""

    def __init__(self, workers: int = 2) -> None:
        uvicorn = [sys.executable, "-m", "uvicorn", "benchmarks.bare:app", "--port", str(BARE)]
        super().__init__([*uvicorn, "--workers", str(workers), "--log-level", "warning"], LOGS / "bare.log")

    def start(self) -> None:
        """Begin, and wait for the first answer."""
        until(free(BARE), f"port {BARE} free", SOON)
        super().start()
        until(ready(self, BARE, "/file"), "an answer of the bare application")


class Nginx(Program):
    """nginx with files: under /plain/ as they are, under /packed/ as they were compressed before."""

    def __init__(self) -> None:
        self.folder = WORK / "nginx"
        for part in ("plain", "packed"):
            (self.folder / "files" / part).mkdir(parents=True, exist_ok=True)
        conf = self.folder / "nginx.conf"
        conf.write_text(NGINX_CONF.format(folder=self.folder, port=NGINX))
        super().__init__([PROGRAM, "-p", str(self.folder), "-c", str(conf)], LOGS / "nginx.log")

    def keep(self, name: str, plain: bytes, packed: bytes) -> None:
        """Have a file to hand out."""
        (self.folder / "files" / "plain" / name).write_bytes(plain)
        (self.folder / "files" / "packed" / f"{name}.gz").write_bytes(packed)

    def start(self) -> None:
        """Begin, and wait for the first answer."""
        until(free(NGINX), f"port {NGINX} free", SOON)
        self.keep("ready", b"{}", b"")
        super().start()
        until(ready(self, NGINX, "/plain/ready"), "an answer of nginx")


def url(port: int, path: str = "") -> str:
    """An address on this machine."""
    return f"http://127.0.0.1:{port}{path}"
