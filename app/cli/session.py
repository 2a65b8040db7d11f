"""Signing in from the command line with a password file."""

from __future__ import annotations

import argparse
import sys
import time

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.base.problem_words import problem_cure, problem_text
from app.base.words import _
from app.cli.arguments import UsageError
from app.desk import Desk, open_desk
from app.domain.permissions import Actor
from app.domain.problems import Refused, Unavailable
from app.gate import Gate, Opened


def password_of(options: argparse.Namespace) -> str:
    """The first line of the password file, without its line end."""
    if options.password_file is None:
        raise UsageError(_("要用 --password-file 给出密码文件"))
    try:
        lines = options.password_file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable("account.password_file", path=options.password_file) from error
    return lines[0] if lines else ""


TURNS, LONGEST_WAIT_S = 5, 8


def key_of(options: argparse.Namespace, paths: StorePaths, clock: Clock) -> Opened:
    """The key of the store for `--person`, or the first one made there; the file itself is not opened."""
    gate = Gate(paths, clock)
    gate.settle()
    login = options.person or gate.people()[0].login
    password = password_of(options)
    for _turn in range(TURNS):
        try:
            return gate.enter(login, password)
        except Refused as refused:
            # Tasks that start in the same second count each other as tries; a short wait is waited out here.
            seconds = refused.details.get("wait_s")
            if refused.code != "account.wait" or not isinstance(seconds, int) or seconds > LONGEST_WAIT_S:
                raise
            time.sleep(seconds)
    return gate.enter(login, password)


CARRYING = frozenset({"sync", "seal", "unseal"})
"""Commands that bring work to the city and its answer back, whoever may still work here."""


def sign_in(options: argparse.Namespace, paths: StorePaths, clock: Clock) -> tuple[Desk, Actor]:
    """The desk and the person: `--person`, or the first one made at this store."""
    opened = key_of(options, paths, clock)
    desk = open_desk(opened.key, paths, clock)
    seat = desk.accounts.carrier if options.command in CARRYING else desk.accounts.actor
    try:
        actor = seat(opened.person_id)
    except Refused:
        desk.close()
        raise
    if (doubt := desk.clock_watch.doubt()) is not None:
        print(f"{problem_text(doubt)}\n{problem_cure(doubt)}", file=sys.stderr)
    return desk, actor
