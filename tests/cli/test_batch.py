"""`routes batch` as people use it."""

import json
import resource
import subprocess
import sys

from routes.pipeline.batch.schema import COLUMNS
from tests.command import run
from tests.pipeline.batch.archives import rows_of, write_walks


def test_batch_tells_what_it_did_and_whether_all_is_well(tmp_path):
    folder = write_walks(tmp_path / "in", 3)
    common = ["-o", tmp_path / "o.parquet", "--dem", "none", "--workers", "0"]
    done = run("batch", folder, *common)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 rows of 3 files, 0 with an error" in done.stdout
    again = run("batch", folder, *common)
    assert again.returncode == 2
    assert "--overwrite" in again.stderr
    (folder / "bad.gpx").write_text("no", encoding="utf-8")
    done = run("batch", folder, *common, "--overwrite", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["files"], told["rows"], told["errors"], told["may_be_mended"]) == (4, 4, 1, False)
    assert len(rows_of(tmp_path / "o.parquet")) == 4


def test_batch_refuses_what_it_cannot_do_in_one_line(tmp_path):
    for arguments, text in (
        (["nowhere"], "There is no file or folder 'nowhere'"),
        (["s3://bucket/a.gpx"], "pip install s3fs"),
    ):
        done = run("batch", *arguments, "-o", tmp_path / "o.parquet", "--dem", "none", "--workers", "0")
        assert done.returncode == 2
        assert text in done.stderr
        assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("o.parquet"))


def test_a_disk_that_takes_no_more_is_told_and_what_is_done_is_kept(tmp_path):
    """A limit on the size of files stands for a full disk: the parts fit, the output does not."""
    folder = write_walks(tmp_path / "in", 60)
    out = tmp_path / "o.parquet"
    command = ["batch", folder, "-o", out, "--dem", "none", "--workers", "0"]

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (24_000, 24_000))

    done = subprocess.run(
        [sys.executable, "-m", "routes", *command],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=full,
    )
    assert done.returncode == 2
    assert "what is done is kept" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "o.parquet.work"]
    done = run(*command)
    assert done.returncode == 0, done.stderr
    assert "parts were done before" in done.stdout
    assert len(rows_of(out)) == 60


def test_every_column_is_documented(repository):
    text = (repository / "docs" / "reference.md").read_text(encoding="utf-8")
    section = text.partition("## `routes batch`")[2].partition("\n## ")[0]
    for column in COLUMNS:
        assert f"| `{column.name}` | {column.type} | {column.meaning} |" in section, column.name
