"""The city over HTTP: one port, with its own certificate or behind a proxy that has one, one process or several."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from app.domain.problems import Refused
from server.city import open_city
from server.main import create_app
from server.settings import DATABASE_VARIABLE, FILES_VARIABLE, OLDEST_VARIABLE, CitySettings

PORT = 8470
_COOKIES_VARIABLE = "GRIDDESK_PLAIN_COOKIES"
_GRACE_S = 5


@dataclass(frozen=True)
class Listening:
    """Where and how to listen. proxy: the address of the proxy whose word about the caller's address is believed."""

    host: str = "127.0.0.1"
    port: int = PORT
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_tls_proxy: bool = False
    proxy: str = "127.0.0.1"
    workers: int = 1


def serve(settings: CitySettings, listening: Listening) -> None:
    """Answer until told to stop.

    Raises Refused("city.tls_needed" | "city.tls_unusable" | "city.port_taken"), and what opening the city raises.
    """
    _check(listening)
    open_city(settings).close()
    os.environ[DATABASE_VARIABLE], os.environ[FILES_VARIABLE] = settings.database, str(settings.files)
    plain = _is_loopback(listening.host) and listening.tls_cert is None and not listening.behind_tls_proxy
    os.environ[OLDEST_VARIABLE] = settings.oldest_program
    os.environ[_COOKIES_VARIABLE] = "1" if plain else ""
    config = _config(listening)
    bound = _bound(listening)
    scheme = "http" if listening.tls_cert is None else "https"
    host, port = bound.getsockname()[:2]
    print(f"listening: {scheme}:{'//'}{f'[{host}]' if ':' in host else host}:{port}", flush=True)
    if listening.workers > 1:
        Multiprocess(config, sockets=[bound]).run()
    else:
        uvicorn.Server(config).run(sockets=[bound])


def application() -> FastAPI:
    """The application of one worker, which learns from the environment what the first process was told."""
    plain = os.environ.get(_COOKIES_VARIABLE, "") == "1"
    settings = CitySettings(
        os.environ[DATABASE_VARIABLE],
        Path(os.environ[FILES_VARIABLE]),
        secure_cookies=not plain,
        oldest_program=os.environ.get(OLDEST_VARIABLE, ""),
    )
    return create_app(open_city(settings))


def _config(listening: Listening) -> uvicorn.Config:
    return uvicorn.Config(
        "server.serving:application",
        factory=True,
        workers=listening.workers,
        ssl_certfile=None if listening.tls_cert is None else str(listening.tls_cert),
        ssl_keyfile=None if listening.tls_key is None else str(listening.tls_key),
        proxy_headers=listening.behind_tls_proxy,
        forwarded_allow_ips=listening.proxy,
        timeout_graceful_shutdown=_GRACE_S,
        # Addresses of callers are personal data in an office; what failed stands in the city's own list of attempts.
        access_log=False,
        server_header=False,
        log_level=logging.INFO,
        ws="none",
    )


def _check(listening: Listening) -> None:
    if listening.tls_cert is None and not listening.behind_tls_proxy and not _is_loopback(listening.host):
        raise Refused("city.tls_needed", host=listening.host)
    if listening.tls_cert is not None:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(listening.tls_cert, listening.tls_key)
        except (OSError, ssl.SSLError) as error:
            raise Refused("city.tls_unusable", reason=type(error).__name__) from error


def _bound(listening: Listening) -> socket.socket:
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    try:
        bound = socket.create_server((listening.host, listening.port), family=family, backlog=2048)
    except OSError as error:
        raise Refused("city.port_taken", port=listening.port, reason=error.strerror or type(error).__name__) from error
    bound.set_inheritable(True)
    return bound


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
