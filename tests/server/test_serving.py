"""The city as a process of its own: over TLS with its own authority, never in the open, stopped cleanly."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from app.domain.problems import Refused
from app.wire.accounts import Health
from server.cli.main import main
from server.cli.output import Exit
from server.serving import Listening, serve
from server.settings import CitySettings
from tests.server import certificates
from tests.tools.sources import ROOT


@contextmanager
def running(*words: object) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A city process, once it listens: (address, process). It is ended and must have ended well."""
    command = [sys.executable, "-X", "faulthandler", "-m", "server", *map(str, words)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    told: list[str] = []
    try:
        for line in process.stdout:
            told.append(line)
            if line.startswith("listening: "):
                break
        else:
            pytest.fail("".join(told))
        address = told[-1].removeprefix("listening: ").strip()
        rest = Thread(target=lambda: told.extend(process.stdout or ()))
        rest.start()
        yield address, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        rest.join(timeout=10)
        process.stdout.close()
    assert process.returncode in (0, -signal.SIGTERM), "".join(told)


def test_it_answers_over_tls_to_whoever_trusts_its_authority(settings: CitySettings, tmp_path: Path) -> None:
    root, certificate, key = certificates.make(tmp_path / "tls")
    where = ("--database", settings.database, "--files", settings.files, "--port", 0)
    trusting = ssl.create_default_context(cafile=str(root))
    with running("serve", *where, "--tls-cert", certificate, "--tls-key", key) as (address, _process):
        with httpx2.Client(verify=trusting, trust_env=False, timeout=60) as client:
            health = Health.model_validate_json(client.get(address + "/v1/health").content)
        with httpx2.Client(trust_env=False) as doubting, pytest.raises(httpx2.ConnectError):
            doubting.get(address + "/v1/health")

    assert address.startswith("https:")
    assert (health.protocol, health.city) == (1, "市平台")


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_several_workers_answer_at_one_port(settings: CitySettings) -> None:
    where = ("--database", settings.database, "--files", settings.files, "--port", 0, "--workers", 2)
    with running("serve", *where) as (address, _process), httpx2.Client(trust_env=False, timeout=60) as client:
        answers = [client.get(address + "/v1/health", headers={"Connection": "close"}).status_code for _ in range(8)]

    assert answers == [200] * 8


def test_a_trial_gives_all_a_first_desk_needs(tmp_path: Path) -> None:
    with running("trial", "--folder", tmp_path / "trial", "--port", 0) as (address, _process):
        answer = httpx2.get(address + "/v1/health", trust_env=False, timeout=60)

    assert answer.status_code == 200
    assert (tmp_path / "trial" / "city.db").exists()


def test_it_never_listens_in_the_open_without_tls(tmp_path: Path) -> None:
    settings = CitySettings(f"sqlite:{'///'}{tmp_path / 'city.db'}", tmp_path / "files")

    with pytest.raises(Refused, match="tls_needed"):
        serve(settings, Listening(host="0.0.0.0"))
    assert not (tmp_path / "city.db").exists()


def test_a_certificate_that_cannot_be_used_is_told_before_anything_starts(tmp_path: Path) -> None:
    settings = CitySettings(f"sqlite:{'///'}{tmp_path / 'city.db'}", tmp_path / "files")
    _root, certificate, _key = certificates.make(tmp_path / "tls")
    _root, _certificate, other_key = certificates.make(tmp_path / "other")

    with pytest.raises(Refused, match="tls_unusable"):
        serve(settings, Listening(tls_cert=certificate, tls_key=other_key))
    with pytest.raises(Refused, match="tls_unusable"):
        serve(settings, Listening(tls_cert=tmp_path / "none.pem", tls_key=other_key))


def test_options_that_do_not_go_together_are_a_usage_error(tmp_path: Path) -> None:
    where = ["--database", f"sqlite:{'///'}{tmp_path / 'city.db'}", "--files", str(tmp_path / "files")]

    assert main([*where, "serve", "--workers", "2"]) == Exit.USAGE
    assert main([*where, "serve", "--tls-cert", "x.pem"]) == Exit.USAGE
