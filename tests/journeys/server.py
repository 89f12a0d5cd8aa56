"""A real server in a process of its own, to be killed if need be, and a client that is light enough to be a crowd."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from types import TracebackType
from typing import Any

import msgspec


class Answer(msgspec.Struct, frozen=True):
    """What came back; `body` is the JSON."""

    status: int
    body: Any


class Server:
    """`python -m uvicorn api.app:app` on a socket that listens before the process does: nobody has to wait for it."""

    def __init__(self, database_url: str) -> None:
        self.environment = os.environ | {"MAGPIE_DATABASE_URL": database_url, "MAGPIE_RATE_LIMIT": "1000000"}
        self.port = 0

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait()

    def start(self) -> None:
        """Start the process; what is asked meanwhile waits in the socket, and is refused when the process dies."""
        with socket.create_server(("127.0.0.1", self.port), backlog=4096) as listening:
            self.port, fd = listening.getsockname()[1], listening.fileno()
            uvicorn = [sys.executable, "-m", "uvicorn", "api.app:app", "--fd", str(fd)]
            command = [*uvicorn, "--log-level", "error", "--no-access-log"]
            self.process = subprocess.Popen(command, env=self.environment, pass_fds=[fd])

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def post(self, path: str, body: object, *, token: str, key: str = "") -> Answer:
        """One POST on a connection of its own; ConnectionError when the server dies before it has answered."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(_request("POST", path, msgspec.json.encode(body), token=token, key=key))
            return _answer(await reader.read())
        finally:
            writer.close()

    async def get(self, path: str, *, token: str = "") -> Answer:
        """One GET on a connection of its own, by nobody in particular unless there is a token."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(_request("GET", path, b"", token=token))
            return _answer(await reader.read())
        finally:
            writer.close()


def _request(method: str, path: str, body: bytes, *, token: str, key: str = "") -> bytes:
    lines = [
        f"{method} /api/v1{path} HTTP/1.1", "Host: localhost", "Connection: close",
        "Content-Type: application/json", f"Content-Length: {len(body)}",
    ]  # fmt: skip
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if key:
        lines.append(f"Idempotency-Key: {key}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _answer(text: bytes) -> Answer:
    head, separator, body = text.partition(b"\r\n\r\n")
    if not separator:
        raise ConnectionResetError("the server ended before it answered")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if b"content-length" in fields and len(body) != int(fields[b"content-length"]):
        raise ConnectionResetError("the server ended while it answered")
    return Answer(int(head.split()[1]), msgspec.json.decode(body) if body else None)
