"""What whoever operates the service can set: ``HLADR_*`` in its environment."""

import datetime as dt
import ipaddress
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hladr.processors import processors
from service.told_time import MachineZone

_MIB, _GIB = 1 << 20, 1 << 30
_YEAR_MINUTES = 365 * 24 * 60
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_ORIGIN = re.compile(
    r"https?://(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?"
)
_PLACE = re.compile(r"([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})")
_SAFE_URL = re.compile(
    r"(?:https://[A-Za-z0-9_.-]+|http://(?:127\.0\.0\.1|localhost))(?::[0-9]{1,5})?"
    r"(?:/[A-Za-z0-9_.~-]+)*/api/"
)


class Door(StrEnum):
    """A way out that the service sends by itself.

    ├── FOLDER  HL7 messages as files of a folder
    ├── MLLP    HL7 messages to a server that acknowledges each
    └── REDCAP  records of a project
    """

    FOLDER = "folder"
    MLLP = "mllp"
    REDCAP = "redcap"


class Settings(BaseSettings):
    """Settings, each by the variable ``HLADR_`` and its name in capitals.

    Sizes are bytes, times seconds unless the name says otherwise.
    """

    model_config = SettingsConfigDict(env_prefix="HLADR_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    data_dir: Path = Path("hladr-data")
    database_url: SecretStr | None = None
    definitions_dir: Path | None = None
    time_zone: str | None = None
    laboratory: str | None = None
    reference_interval: str | None = None
    pseudonym_key_file: Path | None = None

    two_person: bool = True
    repeatability: Annotated[float, Field(gt=0, lt=1)] = 0.032
    session_minutes: Annotated[int, Field(ge=1, le=_YEAR_MINUTES)] = 60
    secure_cookies: bool = False
    public_origin: str | None = None
    trusted_proxy: str | None = None

    concurrency: Annotated[int, Field(ge=1)] | None = None
    wait_seconds: Annotated[float, Field(gt=0)] = 30.0
    recalculation_workers: Annotated[int, Field(ge=0)] = 1
    scheduler: str | None = None
    lease_seconds: Annotated[float, Field(gt=0)] = 60.0

    largest_request: Annotated[int, Field(ge=_MIB)] = _GIB
    largest_json: Annotated[int, Field(ge=1024)] = _MIB
    slowest_bytes_a_second: Annotated[int, Field(ge=1)] = 16_384
    idle_seconds: Annotated[float, Field(gt=0)] = 30.0
    most_events: Annotated[int, Field(ge=1)] = 20_000_000
    most_channels: Annotated[int, Field(ge=1)] = 256
    least_free: Annotated[int, Field(ge=0)] = _GIB
    requests_a_minute: Annotated[int, Field(ge=1)] = 6000
    bytes_a_day: Annotated[int, Field(ge=1)] = 200 * _GIB

    code: Annotated[str, Field(pattern=r"^\S{1,20}$")] = "HLADR-ABC"
    code_text: Annotated[str, Field(min_length=1, max_length=199)] = (
        "Monocyte HLA-DR, antibodies bound per cell"
    )
    code_system: Annotated[str, Field(pattern=r"^\S{1,200}$")] = "L"
    hl7_folder: Path | None = None
    mllp: str | None = None
    redcap_url: str | None = None
    redcap_token_file: Annotated[Path | None, Field(validate_default=True)] = None
    send_seconds: Annotated[float, Field(gt=0)] = 30.0
    send_tries: Annotated[int, Field(ge=1)] = 100
    longest_pause_seconds: Annotated[float, Field(gt=0)] = 3600.0

    log_level: str = "INFO"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise ValueError(f"{name!r} is no time zone such as Europe/Athens") from error
        return name

    @field_validator("definitions_dir")
    @classmethod
    def _folder(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise ValueError(f"{str(folder)!r} is no folder")
        return folder

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in _LEVELS:
            raise ValueError(f"{level!r} is none of {', '.join(_LEVELS)}")
        return level

    @field_validator("public_origin")
    @classmethod
    def _origin(cls, origin: str | None) -> str | None:
        if origin is not None and not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"{origin!r} is no origin such as https://hladr.example.org: scheme and host in "
                "lower case, no path, no slash at its end"
            )
        return origin

    @field_validator("trusted_proxy")
    @classmethod
    def _addresses(cls, proxies: str | None) -> str | None:
        for each in [] if proxies is None else proxies.split(","):
            try:
                ipaddress.ip_network(each.strip())
            except ValueError as error:
                raise ValueError(f"{each!r} is no address such as 10.0.0.5") from error
        return proxies

    @field_validator("mllp")
    @classmethod
    def _place(cls, place: str | None) -> str | None:
        found = _PLACE.fullmatch(place or "h:1")
        if found is None or not 1 <= int(found[2]) < 1 << 16:
            raise ValueError(f"{place!r} is no host and port such as lis.example.org:2575")
        return place

    @field_validator("redcap_url")
    @classmethod
    def _api_address(cls, url: str | None) -> str | None:
        if url is not None and not _SAFE_URL.fullmatch(url):
            raise ValueError(
                f"{url!r} is no address such as https://redcap.example.org/api/; without TLS the "
                "token would be read by others"
            )
        return url

    @field_validator("redcap_token_file")
    @classmethod
    def _has_token(cls, path: Path | None, known: ValidationInfo) -> Path | None:
        if path is None and known.data.get("redcap_url") is not None:
            raise ValueError("HLADR_REDCAP_URL needs a file with the token of its project")
        return path

    @property
    def open_doors(self) -> tuple[Door, ...]:
        """Ways out by which the service sends by itself."""
        opened = {
            Door.FOLDER: self.hl7_folder, Door.MLLP: self.mllp, Door.REDCAP: self.redcap_url,
        }  # fmt: skip
        return tuple(door for door, where in opened.items() if where is not None)

    @property
    def url(self) -> str:
        """Of the database: the one that was given, or SQLite in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data_dir / 'hladr.sqlite').resolve()}"

    @property
    def places(self) -> int:
        """Samples that a process measures at a time: the processors, shared among the processes.

        More would only wait for one another: a sample's Python holds the interpreter.
        """
        return self.concurrency or max(1, processors() // self.workers)

    @property
    def writers(self) -> int:
        """Calls that wait to write in a process, beyond which one is refused."""
        return 30 + 2 * self.places

    @property
    def zone(self) -> dt.tzinfo:
        """Of times that say none, as those of cytometers."""
        if self.time_zone is not None:
            return ZoneInfo(self.time_zone)
        return MachineZone()
