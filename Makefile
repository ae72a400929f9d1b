# make demo: build every trek into build/     make test: run all checks and tests
# Needs Python 3.11 or later and make; the first run installs into .venv and needs a network, later runs do not.
.DEFAULT_GOAL := demo
.PHONY: demo test lint format bench bench-accuracy clean

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install -c constraints.txt
EXTRA ?=
DIST := loadfile
# one test process more than cores: some wait for servers and browsers
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

demo: .venv/core
	$(BIN)/routes build data/treks/*.toml --out build

test: lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist $(DIST) $(EXTRA)

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: .venv/test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/test
	$(PIP) SRTM.py
	$(BIN)/python benchmarks/speed/performance.py

# tables of docs/tracing.md and docs/accuracy.md; ROUTES_TEST_DATA as in docs/data.md
bench-accuracy: .venv/test
	$(BIN)/python benchmarks/accuracy/trace.py
	$(BIN)/python benchmarks/accuracy/validate.py
	$(BIN)/python benchmarks/accuracy/ranges.py
	$(BIN)/python benchmarks/accuracy/thin_gpx.py

# an editable install: a change of the code needs no new install, a change of these two files does
.venv/core: pyproject.toml constraints.txt | .venv/python
	$(PIP) hatchling editables setuptools wheel
	$(PIP) --no-build-isolation -e .
	$(BIN)/python -m compileall -q routes
	@touch $@

.venv/test: .venv/core
	$(PIP) --no-build-isolation -e '.[test]'
	@touch $@

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit("trek-routes needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	@touch $@

clean:
	rm -rf build .venv
