"""A short run of the fuzzer; by hand it runs for minutes (tests/gpx/fuzz_read.py)."""

import importlib.util
import subprocess
import sys

import pytest

RUNS = 1500


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_the_reader_of_gpx_withstands_fuzzing(tmp_path, repository):
    folder = tmp_path / "corpus"
    command = [sys.executable, "-m", "tests.gpx.fuzz_read", str(folder), f"-runs={RUNS}", "-seed=1",
               f"-artifact_prefix={tmp_path}/", "-print_final_stats=1"]  # fmt: skip
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    runs = int(done.stderr.split("stat::number_of_executed_units:")[1].split()[0])
    assert runs >= RUNS
    # it got beyond what it was given
    assert len(list(folder.iterdir())) > 14
