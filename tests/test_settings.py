"""The one reader of the environment."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.core.errors import ConfigError
from pipelines.settings import MappedHost, Settings, read_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings(sources=Path("sources.yaml"), warehouse=Path("warehouse"), hosts=(), now=None)


def test_empty_variables_are_as_good_as_none() -> None:
    empty = dict.fromkeys(("PRESSWATCH_SOURCES", "PRESSWATCH_WAREHOUSE", "PRESSWATCH_HOSTS", "PRESSWATCH_NOW"), "")
    assert read_settings(empty) == Settings()


def test_every_variable_is_read() -> None:
    found = read_settings(
        {
            "PRESSWATCH_SOURCES": "mine.yaml",
            "PRESSWATCH_WAREHOUSE": "/var/press",
            "PRESSWATCH_HOSTS": "press.test=127.0.0.1:8123, Other.Test=10.0.0.7:80",
            "PRESSWATCH_NOW": "2026-11-10T06:30+01:00",
        }
    )
    assert found == Settings(
        sources=Path("mine.yaml"),
        warehouse=Path("/var/press"),
        now=datetime(2026, 11, 10, 5, 30, tzinfo=UTC),
        hosts=(
            MappedHost(name="press.test", address="127.0.0.1", port=8123),
            MappedHost(name="other.test", address="10.0.0.7", port=80),
        ),
    )


def test_the_process_environment_is_read_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_SOURCES", "from-the-process.yaml")
    assert read_settings().sources == Path("from-the-process.yaml")


@pytest.mark.parametrize(
    "hosts",
    [
        "press.test",
        "press.test=127.0.0.1",
        "=127.0.0.1:80",
        "press.test=:80",
        "press.test=127.0.0.1:http",
        "press.test=127.0.0.1:-1",
        "press.test=127.0.0.1:99999",
        "press.test=localhost:80",
        "press.test=127.0.0.1:",
    ],
)
def test_a_host_that_leads_to_no_address_and_port_is_refused(hosts: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_settings({"PRESSWATCH_HOSTS": hosts})
    assert len(refused.value.problems) == 1
    assert "PRESSWATCH_HOSTS" in str(refused.value)
    assert repr(hosts) in str(refused.value)


@pytest.mark.parametrize("now", ["soon", "2026-11-10", "2026-11-10T06:30", "2026-13-10T06:30+01:00", "1700000000"])
def test_a_time_without_an_offset_is_refused(now: str) -> None:
    with pytest.raises(ConfigError, match="PRESSWATCH_NOW"):
        read_settings({"PRESSWATCH_NOW": now})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        read_settings({"PRESSWATCH_HOSTS": "one,two=127.0.0.1:80,three=x", "PRESSWATCH_NOW": "soon"})
    assert [p.split(":")[0] for p in refused.value.problems] == [
        "PRESSWATCH_HOSTS",
        "PRESSWATCH_HOSTS",
        "PRESSWATCH_NOW",
    ]


def test_a_fixed_time_is_the_clock_and_the_machines_clock_is_aware() -> None:
    fixed = datetime(2026, 11, 10, 5, 30, tzinfo=UTC)
    assert Settings(now=fixed).clock() == fixed
    assert Settings().clock().utcoffset() == timedelta()
