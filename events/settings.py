"""Configuration by environment: every setting is a MAGPIE_ variable (docs/configuration.md lists them)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One field a variable: `database_url` is read from MAGPIE_DATABASE_URL, and so on."""

    database_url: str = ""
    data_dir: str = ".data"
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    zone: str = "Asia/Shanghai"
    pool_size: int = 10
    ready_megabytes: int = 64
    smtp_url: str = ""
    mail_from: str = "magpie@localhost"
    rate_limit: int = 6000
    log_level: str = "info"

    def __post_init__(self) -> None:
        # Who moves the data directory means the database too: its key lies there.
        msgspec.structs.force_setattr(self, "database_url", self.database_url or f"sqlite:{self.data_dir}/magpie.db")

    @property
    def secure(self) -> bool:
        """Whether people reach us over https, so that cookies may demand it."""
        return self.base_url.startswith("https://")


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this environment; a malformed value raises msgspec.ValidationError naming the field."""
    found = os.environ if environment is None else environment
    prefixed = {name[7:].lower(): value for name, value in found.items() if name.startswith("MAGPIE_")}
    known = {name: value for name, value in prefixed.items() if name in Settings.__struct_fields__}
    return msgspec.convert(known, Settings, strict=False)


def terminal_language(environment: Mapping[str, str] | None = None) -> str:
    """The language that a terminal asks for, as POSIX ranks the variables: zh_CN.UTF-8, or nothing."""
    found = os.environ if environment is None else environment
    return next((found[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if found.get(name)), "")


@cache
def current() -> Settings:
    """The settings of this process, read once."""
    return load()


@cache
def secret_key() -> bytes:
    """The key from which all others derive: MAGPIE_SECRET_KEY, or one made and kept in the data directory."""
    if current().secret_key:
        return current().secret_key.encode()
    path = Path(current().data_dir) / "secret.key"
    if not path.exists():
        _keep(path, secrets.token_hex(32))
    return path.read_text().strip().encode()


def _keep(path: Path, value: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(value)
    except FileExistsError:  # another process was faster: its key is as good
        return
