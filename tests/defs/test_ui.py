"""`presswatch ui`: Dagster comes up with the graph, runs a pass, and ends with all its children on SIGTERM."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.demo.play import settings_for
from pipelines.monitor import Monitor

from .conftest import EVENING

_PATIENCE = 120


def free_port() -> int:
    import socket  # noqa: PLC0415 (only here)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def ui(monitor: Monitor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The real command in a process group of its own, and its port."""
    port, log = free_port(), tmp_path_factory.mktemp("ui") / "log"
    environment = {**os.environ, **settings_for(monitor, EVENING)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("presswatch"), "ui", "--port", str(port)],
            env=environment, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        try:
            wait_for(lambda: is_up(port), log.read_text)
            yield process, port
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(is_so: Any, say: Any) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, say()
        time.sleep(0.5)


def is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5) as got:
            return bool(got.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def ask(port: int, query: str, **variables: Any) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    address = f"http://127.0.0.1:{port}/graphql"
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as got:  # noqa: S310
        return json.load(got)["data"]


@pytest.mark.timeout(300)
def test_the_page_lists_the_assets_runs_a_pass_and_ends_when_told(
    ui: tuple[subprocess.Popen[bytes], int], monitor: Monitor
) -> None:
    process, port = ui
    found = ask(port, "{repositoriesOrError{... on RepositoryConnection{nodes{name location{name} "
                      "schedules{scheduleState{status}} assetNodes{assetKey{path}}}}}}")  # fmt: skip
    (repository,) = found["repositoriesOrError"]["nodes"]
    assert repository["location"]["name"] == "presswatch"
    assert len(repository["assetNodes"]) == 8
    assert [s["scheduleState"]["status"] for s in repository["schedules"]] == ["RUNNING", "RUNNING"]

    selector = {"repositoryLocationName": "presswatch", "repositoryName": repository["name"],
                "jobName": "pass_and_digest"}  # fmt: skip
    launched = ask(
        port,
        "mutation($p:ExecutionParams!){launchRun(executionParams:$p){... on LaunchRunSuccess{run{runId}}}}",
        p={"selector": selector, "runConfigData": {}, "mode": "default"},
    )
    run_id = launched["launchRun"]["run"]["runId"]

    def status() -> str:
        told = ask(port, "query($r:ID!){runOrError(runId:$r){... on Run{status}}}", r=run_id)
        return str(told["runOrError"]["status"])

    wait_for(lambda: status() in {"SUCCESS", "FAILURE"}, status)
    assert status() == "SUCCESS"
    assert list((monitor.settings.warehouse / "digests").glob("*.html"))

    os.kill(process.pid, signal.SIGTERM)
    wait_for(lambda: process.poll() is not None and not is_up(port), lambda: "still up after SIGTERM")
    wait_for(lambda: children_of(process.pid) == [], lambda: str(children_of(process.pid)))


def children_of(group: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pgid=,pid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listed.splitlines())
    return [pid for pgid, pid, stat in rows if pgid == str(group) and not stat.startswith("Z")]
