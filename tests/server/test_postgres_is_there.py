"""Where everything is proved, a missing PostgreSQL is a failure; elsewhere it is told how to install it."""

from __future__ import annotations

import pytest

from tests.server import postgres


def test_without_postgres_the_tests_fail_where_everything_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "binaries", lambda: None)
    monkeypatch.setenv("CI", "1")

    with pytest.raises(pytest.fail.Exception, match="apt-get install"):
        postgres.needed()


def test_without_postgres_they_are_skipped_elsewhere_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "binaries", lambda: None)
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="apt-get install"):
        postgres.needed()


def test_it_is_at_least_the_fifteenth(postgres_cluster: postgres.Cluster) -> None:
    with postgres_cluster.admin() as connection:
        row = connection.execute("SHOW server_version_num").fetchone()

    assert row is not None
    assert int(str(row[0])) >= 150000
