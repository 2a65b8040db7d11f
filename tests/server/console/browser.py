"""A real Chromium without a screen, and the console served to it on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

BROWSER, DRIVER = "chromium", "chromedriver"
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--window-size=1280,900",
    "--lang=zh-CN",
)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the application, served on a free port of loopback until the block is left."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=3))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="console-under-test")
    thread.start()
    try:
        yield f"http:{'//'}127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


@contextmanager
def chromium(folder: Path, *, dark: bool = False) -> Iterator[Chrome]:
    """A browser with a profile of its own in `folder`; the test is skipped without one, but never in continuous checks."""
    browser, driver = shutil.which(BROWSER), shutil.which(DRIVER)
    if browser is None or driver is None:
        words = "no Chromium here: apt install chromium chromium-driver"
        pytest.fail(words) if os.environ.get("CI") else pytest.skip(words)
    options = ChromeOptions()
    options.binary_location = browser
    for flag in (*_FLAGS, f"--user-data-dir={folder / 'profile'}", *(["--force-dark-mode"] if dark else [])):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    page = Chrome(options=options, service=ChromeService(driver))
    try:
        page.set_page_load_timeout(30)
        yield page
    finally:
        page.quit()
