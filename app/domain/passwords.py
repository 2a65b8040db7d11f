"""What a password must be like. Source: GB/T 22239-2019 level 2 (等保 2.0): complex, not the name, not a common one."""

from __future__ import annotations

import unicodedata

from app.domain.problems import Refused

SHORTEST, LONGEST = 8, 128
CLASSES_NEEDED = 3
DISTINCT_NEEDED = 5
_SHORTEST_NAME = 2

COMMON = frozenset(
    [
        "password1",
        "password12",
        "password123",
        "password@123",
        "passw0rd",
        "passw0rd!",
        "p@ssw0rd",
        "p@ssw0rd1",
        "p@ssw0rd123",
        "p@55w0rd",
        "p@ssword1",
        "admin123",
        "admin@123",
        "admin1234",
        "admin@1234",
        "admin123456",
        "admin@123456",
        "administrator1",
        "root@123",
        "root1234",
        "root@1234",
        "abc12345",
        "abc123456",
        "abcd1234",
        "abcd@1234",
        "abc@1234",
        "abc@12345",
        "abc@123456",
        "abc123!@#",
        "abcd123!@#",
        "abc_1234",
        "a1b2c3d4",
        "a12345678",
        "aa123456",
        "aa123456!",
        "aa@123456",
        "aa12345678",
        "aa112233",
        "aa111111",
        "qq123456",
        "qq@123456",
        "zz123456",
        "asd123456",
        "asdf1234",
        "as123456",
        "qwe123!@#",
        "qwe12345",
        "qwer1234",
        "qwer1234!",
        "qwer@1234",
        "qwerty123",
        "qwerty@123",
        "qwertyui1",
        "qaz123456",
        "1qaz2wsx",
        "1qaz@wsx",
        "!qaz2wsx",
        "1q2w3e4r",
        "1q2w3e4r!",
        "zaq12wsx",
        "zxcv1234",
        "zxc123456",
        "1234qwer",
        "1234abcd",
        "123456abc",
        "123456aa",
        "123456a!",
        "12345678a",
        "test1234",
        "test@123",
        "user1234",
        "user@123",
        "huawei@123",
        "huawei12#$",
        "changeme1",
        "change_me1",
        "changeme@123",
        "welcome1",
        "welcome@123",
        "welcome123",
        "iloveyou1",
        "woaini1314",
        "woaini520",
        "woaini123",
        "woaini@1314",
        "5201314aa",
        "5201314a!",
        "zhengzhou@123",
        "henan@123",
        "chengguan@123",
        "chengguan123",
        "wangge@123",
        "zgzz@2024",
        "zgzz@2025",
        "zhcg@123",
        "zhcg1234",
        "csgl@123",
        "griddesk1",
        "griddesk@1",
        "griddesk123",
        "griddesk@123",
    ]
)


def check_password(password: str, *, login: str, name: str, old: str | None = None) -> None:
    """Raises Refused("account.password_…") for a password this person may not choose; gives nothing otherwise.

    old: the password it replaces, when it is known.
    """
    plain = normal(password)
    if len(plain) < SHORTEST:
        raise Refused("account.password_short", shortest=SHORTEST)
    if len(plain) > LONGEST:
        raise Refused("account.password_long", longest=LONGEST)
    if _classes(plain) < CLASSES_NEEDED:
        raise Refused("account.password_classes")
    if len(set(plain)) < DISTINCT_NEEDED:
        raise Refused("account.password_repeats")
    folded = plain.casefold()
    for word in (normal(login).casefold(), normal(name).casefold()):
        if len(word) >= _SHORTEST_NAME and (word in folded or word[::-1] in folded):
            raise Refused("account.password_contains_name")
    if folded in COMMON:
        raise Refused("account.password_common")
    if old is not None and plain == normal(old):
        raise Refused("account.password_same")


def normal(password: str) -> str:
    """The one form of a password, however the input method wrote it (full-width letters and digits)."""
    return unicodedata.normalize("NFKC", password)


def _classes(password: str) -> int:
    small = any("a" <= char <= "z" for char in password)
    capital = any("A" <= char <= "Z" for char in password)
    digit = any("0" <= char <= "9" for char in password)
    other = any(not (char.isascii() and char.isalnum()) for char in password)
    return small + capital + digit + other
