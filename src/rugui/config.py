"""What an installation can be told, typed and checked at once.

Every value comes from an environment variable `RUGUI_…`, or from the file that `RUGUI_…_FILE` names.
`DATABASE_URL` is honoured without the prefix, because every host provides it under that name.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DatabaseRole = Literal["app", "clock", "live", "owner"]
Network = IPv4Network | IPv6Network


class Config(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="RUGUI_", extra="ignore")

    data_folder: Path = Path("data")
    """Where the embedded database, the secret and uploaded files live."""

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    """A PostgreSQL (15 or newer) of one's own. Without it, the embedded one is used."""

    database_role: DatabaseRole = "app"
    """Which database role this process acts as. Only `rugui migrate`, backup and restore are `owner`."""

    secret_key: SecretStr | None = None
    """Signs sessions and tickets. Without it, one is made once and kept in the data folder."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    live_port: int = Field(default=8001, ge=1, le=65535)
    base_url: str = ""
    """The address people type, when it is not http://localhost:PORT (behind a reverse proxy, say)."""

    trusted_proxies: str = ""
    """Addresses and networks of one's own reverse proxies, parted by commas; only theirs is `X-Forwarded-For` believed."""

    live_url: str = ""
    """Address of the live stream as browsers reach it; empty means the same host on `live_port`."""

    live_screens: int = Field(default=10_000, ge=1)
    """How many screens one live process serves at once; more are told to come back later."""

    metrics_token: SecretStr | None = None
    """Who sends this as a bearer token may read `/metrics`. Without it, only this computer may."""

    web_workers: int = Field(default=2, ge=1, le=64)
    debug: bool = False

    @field_validator("data_folder")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("trusted_proxies")
    @classmethod
    def _readable(cls, value: str) -> str:
        networks(value)
        return value

    @property
    def proxies(self) -> tuple[Network, ...]:
        return networks(self.trusted_proxies)

    @property
    def url(self) -> str:
        return self.base_url.rstrip("/") or f"http://localhost:{self.port}"

    @property
    def secret(self) -> str:
        """The signing key: configured, or made once in the data folder, readable by its owner only."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        path = self.data_folder / "secret"
        self.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            # Whole or not at all: of several processes starting at once, all read what the first has linked.
            with tempfile.NamedTemporaryFile("w", dir=self.data_folder, prefix=".secret-") as file:
                file.write(secrets.token_urlsafe(50))
                file.flush()
                os.fsync(file.fileno())
                with suppress(FileExistsError):  # another was first
                    os.link(file.name, path)
        return path.read_text().strip()


def networks(text: str) -> tuple[Network, ...]:
    """ "127.0.0.1, 10.0.0.0/8" as networks. Raises `ValueError` for what is neither an address nor a network."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def _secrets_from_files() -> dict[str, str]:
    """`RUGUI_SECRET_KEY_FILE=/run/secrets/key` gives the value of `secret_key`, and so on."""
    found = {}
    for name in Config.model_fields:
        variable = "DATABASE_URL" if name == "database_url" else f"RUGUI_{name.upper()}"
        if path := os.environ.get(f"{variable}_FILE"):
            found["DATABASE_URL" if name == "database_url" else name] = Path(path).read_text().strip()
    return found


@cache
def config() -> Config:
    """The installation's configuration, read once per process."""
    return Config(**_secrets_from_files())  # type: ignore[arg-type]  # pydantic parses the strings
