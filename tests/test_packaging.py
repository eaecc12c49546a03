"""A built wheel carries everything: the SQL, the templates, the shipped sources and the demo press."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the checkout as it is, without reaching for any network."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed here; the dev extra brings it")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("presswatch-*.whl")
    return built


def shipped(pattern: str) -> set[str]:
    return {str(p.relative_to(ROOT)) for p in ROOT.glob(pattern) if p.is_file()}


def test_a_wheel_carries_sql_templates_texts_and_sources(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    sql = {f"pipelines/_shipped/{n}" for n in shipped("warehouse/*/*.sql") | shipped("warehouse/statements/*/*.sql")}
    package = (
        shipped("pipelines/templates/**/*") | shipped("pipelines/demo/texts/*.yaml") | shipped("pipelines/py.typed")
    )
    assert len(sql) > 90
    assert sql | package | {"pipelines/_shipped/sources.yaml", "pipelines/demo/outlets.yaml"} <= names


def test_an_unpacked_wheel_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    (tmp_path / "empty").mkdir()
    script = (
        "import pipelines, sys; from pathlib import Path; from pipelines.shipped import shipped;"
        "from pipelines.adapters.warehouse import Warehouse; from pipelines.config import load_sources;"
        "assert '_shipped' in str(shipped('warehouse/migrations'));"
        "print(len(load_sources(shipped('sources.yaml')).feeds()));"
        "Warehouse.open(Path('warehouse')).close();"
        "from pipelines.cli import main; main(['inspect', 'url', 'https://amp.herald.example/n/1'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path / "empty",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    feeds, url = ended.stdout.splitlines()
    assert int(feeds) >= 20
    assert url == '{"url": "https://amp.herald.example/n/1", "canonical": "herald.example/n/1"}'
