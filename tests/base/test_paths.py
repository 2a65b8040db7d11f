"""Where the store lies and what kind of drive it lies on."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.base.paths import StorePaths, network_mount

MOUNTS = """/dev/sda1 / ext4 rw 0 0
server:/export /home/share nfs4 rw 0 0
//nas/data /mnt/office\\040files cifs rw 0 0
/dev/sdb1 /home/share/local ext4 rw 0 0
me@host:/ /mnt/far fuse.sshfs rw 0 0
"""


def test_a_folder_and_a_file_name_the_same_store(tmp_path: Path) -> None:
    assert StorePaths.of(tmp_path) == StorePaths.of(tmp_path / "griddesk.db")


def test_two_stores_in_one_folder_share_no_file(tmp_path: Path) -> None:
    first, second = StorePaths.of(tmp_path / "a.db"), StorePaths.of(tmp_path / "b.db")

    assert not set(vars(first).values()) & set(vars(second).values())
    assert first.keys.parent != first.keys_copy.parent


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/me/desk", None),
        ("/home/share/desk", "nfs4"),
        ("/home/share/local/desk", None),
        ("/mnt/office files/desk", "cifs"),
        ("/mnt/far", "fuse.sshfs"),
        ("/mnt/farther", None),
    ],
)
def test_the_deepest_mount_says_whether_a_drive_is_remote(place: str, kind: str | None) -> None:
    assert network_mount(MOUNTS, Path(place)) == kind
