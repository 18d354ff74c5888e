"""Settings in force, and those that do not fit together."""

import ipaddress
import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from calibration.errors import CalibrationError
from hladr.deidentify.pseudonym import KEY_VARIABLE
from hladr.errors import HladrError
from hladr.kernels.store_folder import VARIABLE as CACHE_VARIABLE
from service.definitions import Definitions
from service.doctor.check import Check, ok, wrong
from service.settings import Settings

PART = "settings"
_OF_THE_LIBRARY = frozenset({CACHE_VARIABLE, KEY_VARIABLE})
_SECRET = ("token", "secret", "password", "key")


def in_force(settings: Settings) -> Iterator[Check]:
    """Name the settings that are not the default, without secrets; and what of them is wrong."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if value != field.default:
            yield ok(PART, f"HLADR_{name.upper()}", _shown(name, value))
    known = {f"HLADR_{name.upper()}" for name in Settings.model_fields} | _OF_THE_LIBRARY
    for name in sorted(os.environ):
        if name.startswith("HLADR_") and name not in known:
            yield wrong(PART, name, "no such setting", "see the table in docs/operations.md")
    yield from _definitions(settings.definitions_dir)
    yield from _together(settings)


def _shown(name: str, value: object) -> str:
    if name == "database_url" and isinstance(value, SecretStr):
        url = make_url(value.get_secret_value())
        return url.set(query={}).render_as_string(hide_password=True)
    hidden = isinstance(value, SecretStr) or (
        any(word in name for word in _SECRET) and not isinstance(value, Path)
    )
    return "given" if hidden else str(value)


def _definitions(folder: Path | None) -> Iterator[Check]:
    if folder is None:
        return
    own = Definitions(folder)
    number = 0
    for kind, read in (("assays", own.assay), ("criteria", own.criterion)):
        for path in sorted((folder / kind).glob("*.toml")):
            number += 1
            try:
                read(path.stem)
            except (HladrError, CalibrationError, UnicodeDecodeError) as error:
                code = getattr(error, "code", "no text in UTF-8")
                yield wrong(PART, f"{kind}/{path.name}", code, str(error))
    yield ok(PART, "definitions", f"{number} of the laboratory's own")


def _together(settings: Settings) -> Iterator[Check]:
    """Look at what the service is told of the proxy before it."""
    origin, part = settings.public_origin, "proxy"
    tls = origin is not None and origin.startswith("https://")
    before = settings.trusted_proxy is not None
    found = [
        (tls and not settings.secure_cookies, ("browsers come by TLS, and cookies would also go "
         "without it"), "set HLADR_SECURE_COOKIES=true"),
        (settings.secure_cookies and origin is not None and not tls, ("cookies go over TLS alone, "
         f"and browsers come by {origin}"), "give HLADR_PUBLIC_ORIGIN as https://…"),
        (settings.secure_cookies and origin is None, ("cookies go over TLS alone, and nobody said "
         "how browsers come"), "set HLADR_PUBLIC_ORIGIN to https://…"),
        (tls and not before, ("no proxy is trusted: all who come through it share one limit of "
         "password attempts"), "set HLADR_TRUSTED_PROXY to the address that it connects from"),
        (not _loopback(settings.host) and not tls, (f"{settings.host} is reached from beyond this "
         "machine, without TLS"), "put a proxy with TLS before it, and set HLADR_PUBLIC_ORIGIN"),
    ]  # fmt: skip
    bad = [wrong(part, "settings", said, do) for is_so, said, do in found if is_so]
    yield from bad
    if not bad:
        said = f"browsers come by {origin}" if origin else "none: for this machine alone"
        yield ok(part, "settings", said)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
