"""The key file: slots per person, two copies, wrong passwords, recovery."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.base.paths import StorePaths
from app.base.settings import DeskSettings
from app.domain.problems import Problem, Refused, Unavailable
from app.domain.recovery import recovery_code
from db.attempts import AttemptRules
from db.keys import KeyFile, make_key
from db.slots import KdfCost

CHEAP = KdfCost(passes=1, memory_kib=64, lanes=1)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
RIGHT, WRONG = "Wu7+lake", "Wu7+like"


@pytest.fixture
def paths(tmp_path: Path) -> StorePaths:
    return StorePaths.of(tmp_path)


@pytest.fixture
def keys(paths: StorePaths) -> KeyFile:
    return KeyFile(paths, cost=CHEAP)


def _with(keys: KeyFile, *logins: str) -> tuple[bytes, list[UUID]]:
    key = make_key()
    keys.start(key)
    people = [uuid4() for _ in logins]
    for person, login in zip(people, logins, strict=True):
        keys.add(person, login, f"姓名{login}", RIGHT, key)
    return key, people


def _refusal(keys: KeyFile, login: str, password: str, now: datetime) -> Problem:
    with pytest.raises(Refused) as refused:
        keys.open_slot(login, password, now)
    return refused.value


def test_every_person_opens_the_same_key_with_a_slot_of_their_own(keys: KeyFile) -> None:
    key, people = _with(keys, "wang", "li")

    opened = [keys.open_slot(login, RIGHT, NOW) for login in ("wang", "LI ")]

    assert [(slot.key, slot.person_id) for slot in opened] == [(key, people[0]), (key, people[1])]
    assert [owner.login for owner in keys.people()] == ["wang", "li"]


def test_neither_key_nor_password_stands_in_the_files(keys: KeyFile, paths: StorePaths) -> None:
    key, _ = _with(keys, "wang")
    _refusal(keys, "wang", WRONG, NOW)

    written = b"".join(path.read_bytes() for path in paths.folder.rglob("*") if path.is_file())

    assert RIGHT.encode() not in written
    assert WRONG.encode() not in written
    assert key not in written
    assert key.hex().encode() not in written
    assert recovery_code(key).encode() not in written
    if os.name == "posix":
        assert paths.keys.stat().st_mode & 0o077 == 0


def test_a_new_password_ends_the_old_one(keys: KeyFile) -> None:
    key, (person,) = _with(keys, "wang")

    keys.set(person, "wang", "王", "New+pass7", key)

    assert keys.open_slot("wang", "New+pass7", NOW).key == key
    assert _refusal(keys, "wang", RIGHT, NOW).code == "account.wrong_password"


def test_a_removed_person_signs_in_no_more_and_the_last_one_stays(keys: KeyFile) -> None:
    _, (wang, li) = _with(keys, "wang", "li")

    keys.remove(wang)

    assert _refusal(keys, "wang", RIGHT, NOW).code == "account.wrong_password"
    with pytest.raises(Refused) as refused:
        keys.remove(li)
    assert refused.value.code == "account.last_slot"


def test_a_login_belongs_to_one_person(keys: KeyFile) -> None:
    key, (wang, _) = _with(keys, "wang", "li")

    with pytest.raises(Refused) as added:
        keys.add(uuid4(), "WANG", "另一人", RIGHT, key)
    with pytest.raises(Refused) as renamed:
        keys.rename(wang, "li", "王")

    assert added.value.code == renamed.value.code == "account.login_taken"


def test_a_rename_keeps_the_password(keys: KeyFile) -> None:
    key, (person,) = _with(keys, "wang")

    keys.rename(person, "wangfang", "王芳")

    assert keys.open_slot("wangfang", RIGHT, NOW).key == key


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x00" * 600])
def test_a_damaged_copy_is_read_around_and_mended(keys: KeyFile, paths: StorePaths, damage: bytes) -> None:
    key, _ = _with(keys, "wang")
    for broken, sound in ((paths.keys, paths.keys_copy), (paths.keys_copy, paths.keys)):
        broken.write_bytes(damage)
        assert not keys.is_sound()

        assert keys.open_slot("wang", RIGHT, NOW).key == key

        assert keys.is_sound()
        assert broken.read_bytes() == sound.read_bytes()


def test_a_flipped_bit_anywhere_is_noticed(keys: KeyFile, paths: StorePaths) -> None:
    _with(keys, "wang")
    whole = paths.keys.read_bytes()
    for at in range(0, len(whole), 7):
        paths.keys.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])

        assert not keys.is_sound() or paths.keys.read_bytes() == whole


def _rewritten(path: Path, change: dict[str, str]) -> None:
    body = json.loads(json.loads(path.read_text())["body"])
    body["slots"][0].update(change)
    body["serial"] += 5
    text = json.dumps(body)
    path.write_text(json.dumps({"sum": hashlib.sha256(text.encode()).hexdigest(), "body": text}))


@pytest.mark.parametrize("field", ["person_id", "salt", "nonce", "sealed"])
def test_a_slot_changed_with_care_still_does_not_open(keys: KeyFile, paths: StorePaths, field: str) -> None:
    _with(keys, "wang")
    old = json.loads(json.loads(paths.keys.read_text())["body"])["slots"][0][field]
    forged = str(uuid4()) if field == "person_id" else ("0" if old[0] != "0" else "1") + old[1:]

    _rewritten(paths.keys, {field: forged})

    assert _refusal(keys, "wang", RIGHT, NOW).code == "account.wrong_password"


def test_lost_slots_are_rebuilt_from_the_recovery_code(keys: KeyFile, paths: StorePaths) -> None:
    key, (person,) = _with(keys, "wang")
    code = recovery_code(key)
    paths.keys.unlink()
    paths.keys_copy.unlink()
    with pytest.raises(Unavailable) as lost:
        keys.open_slot("wang", RIGHT, NOW)
    assert lost.value.code == "account.keys_lost"
    assert not keys.exists()

    found = keys.recover(code)
    keys.set(person, "wang", "王", "New+pass7", found)

    assert keys.open_slot("wang", "New+pass7", NOW).key == key
    assert keys.is_sound()


def test_the_code_of_another_store_is_told(keys: KeyFile) -> None:
    _with(keys, "wang")

    with pytest.raises(Refused) as refused:
        keys.recover(recovery_code(make_key()))

    assert refused.value.code == "account.recovery_other_store"


def test_a_second_start_never_overwrites_slots(keys: KeyFile) -> None:
    _with(keys, "wang")

    with pytest.raises(Refused) as refused:
        keys.start(make_key())

    assert refused.value.code == "account.keys_exist"
    with pytest.raises(Unavailable):
        keys.add(uuid4(), "li", "李", RIGHT, make_key())


def test_each_wrong_password_doubles_the_wait_and_the_fifth_locks(keys: KeyFile) -> None:
    key, _ = _with(keys, "wang")
    now, waits = NOW, []
    for _ in range(5):
        refused = _refusal(keys, "wang", WRONG, now)
        until = refused.details["until"]
        assert isinstance(until, datetime)
        waits.append((until - now).total_seconds())
        assert _refusal(keys, "wang", RIGHT, until - timedelta(milliseconds=1)).code in (
            "account.wait",
            "account.locked",
        )
        now = until

    assert waits == [1, 2, 4, 8, 600]
    assert refused.code == "account.locked"
    assert keys.open_slot("wang", RIGHT, now).key == key


def test_the_technician_may_set_when_a_login_locks(paths: StorePaths) -> None:
    DeskSettings(wrong_passwords=3, lock_minutes=60).write(paths.settings)
    keys = KeyFile(paths, cost=CHEAP)
    _with(keys, "wang")

    refused = [_refusal(keys, "wang", WRONG, NOW + timedelta(seconds=seconds)) for seconds in (0, 1, 3)]

    assert [problem.code for problem in refused] == ["account.wrong_password"] * 2 + ["account.locked"]
    assert refused[-1].details["minutes"] == 60


def test_a_pc_slower_than_the_wait_says_wrong_and_not_locked(paths: StorePaths) -> None:
    passed = iter(range(0, 1000, 3))
    keys = KeyFile(paths, cost=CHEAP, steady=lambda: float(next(passed)))
    _with(keys, "wang")

    refused = _refusal(keys, "wang", WRONG, NOW)

    assert (refused.code, refused.details["left"]) == ("account.wrong_password", 4)


def test_a_right_password_forgets_the_wrong_ones(keys: KeyFile) -> None:
    _with(keys, "wang")
    _refusal(keys, "wang", WRONG, NOW)
    keys.open_slot("wang", RIGHT, NOW + timedelta(seconds=2))

    assert _refusal(keys, "wang", WRONG, NOW + timedelta(seconds=3)).details["left"] == 4


def test_an_unknown_login_counts_and_answers_like_a_known_one(keys: KeyFile) -> None:
    _with(keys, "wang")

    known, unknown = _refusal(keys, "wang", WRONG, NOW), _refusal(keys, "nobody", WRONG, NOW)

    assert (known.code, known.details) == (unknown.code, unknown.details)


def test_a_new_process_forgives_nothing(keys: KeyFile, paths: StorePaths) -> None:
    _with(keys, "wang")
    for seconds in (0, 1, 3, 7, 15):
        _refusal(keys, "wang", WRONG, NOW + timedelta(seconds=seconds))

    later = KeyFile(paths, cost=CHEAP)

    assert _refusal(later, "wang", RIGHT, NOW + timedelta(minutes=5)).code == "account.locked"
    assert later.attempts.waiting_until("wang", NOW + timedelta(minutes=5)) == NOW + timedelta(minutes=10, seconds=15)


def test_a_clock_set_back_neither_opens_nor_bars_for_ever(paths: StorePaths) -> None:
    keys = KeyFile(paths, cost=CHEAP, rules=AttemptRules(failures=1, lock_minutes=10))
    key, _ = _with(keys, "wang")
    _refusal(keys, "wang", WRONG, NOW)
    last_year = NOW - timedelta(days=365)

    assert _refusal(keys, "wang", RIGHT, last_year).details["until"] == last_year + timedelta(minutes=10)
    assert _refusal(keys, "wang", RIGHT, last_year + timedelta(minutes=9)).code == "account.locked"
    assert keys.open_slot("wang", RIGHT, last_year + timedelta(minutes=10)).key == key


def test_a_program_killed_while_checking_has_used_up_the_try(keys: KeyFile, paths: StorePaths) -> None:
    _with(keys, "wang")
    killed = (
        "import os, sys; from datetime import datetime; from pathlib import Path\n"
        "from app.base.paths import StorePaths; from db import keys\n"
        "keys.opened = lambda *_: os._exit(9)\n"
        "keys.KeyFile(StorePaths.of(Path(sys.argv[1]))).open_slot('wang', 'x', datetime.fromisoformat(sys.argv[2]))\n"
    )

    code = subprocess.run([sys.executable, "-c", killed, str(paths.folder), NOW.isoformat()], check=False).returncode

    assert code == 9
    assert _refusal(keys, "wang", RIGHT, NOW).code == "account.wait"


_CHANGES = """
import os, sys
from pathlib import Path
from uuid import UUID
from app.base.paths import StorePaths
from db.keys import KeyFile
from db.slots import KdfCost
left = int(sys.argv[3])
real = Path.replace
def replace(self, target):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    return real(self, target)
Path.replace = replace
keys = KeyFile(StorePaths.of(Path(sys.argv[1])), cost=KdfCost(passes=1, memory_kib=64, lanes=1))
for number in range(int(sys.argv[4])):
    keys.add(UUID(int=os.getpid() * 1000 + number), f"{os.getpid()}-{number}", "name", "Wu7+lake", bytes.fromhex(sys.argv[2]))
"""


def test_a_change_killed_at_any_moment_leaves_everybody_a_way_in(keys: KeyFile, paths: StorePaths) -> None:
    key, _ = _with(keys, "wang")
    for kill_at in range(3):
        command = [sys.executable, "-c", _CHANGES, str(paths.folder), key.hex(), str(kill_at), "1"]

        code = subprocess.run(command, check=False).returncode

        assert code == (9 if kill_at < 2 else 0)
        assert keys.open_slot("wang", RIGHT, NOW).key == key
        assert keys.is_sound()
    assert len(keys.people()) == 3


def test_two_programs_adding_people_at_once_lose_nobody(keys: KeyFile, paths: StorePaths) -> None:
    key, _ = _with(keys, "wang")
    command = [sys.executable, "-c", _CHANGES, str(paths.folder), key.hex(), "999", "12"]

    with subprocess.Popen(command) as one, subprocess.Popen(command) as other:
        codes = (one.wait(), other.wait())

    assert codes == (0, 0)
    assert len(keys.people()) == 25
    assert keys.is_sound()
