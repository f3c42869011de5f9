# Everything runs in a virtual environment of the project's own; nothing else is touched.
# PYTHON may name another interpreter: make test PYTHON=python3.13

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo faults test lint bench docs interop differential clean

# The register is a file; in PostgreSQL: make demo ARGS='--postgresql postgresql://user@host/database'
demo: $(VENV)/.demo
	@$(BIN)/testamur demo --out demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/pytest --numprocesses auto --dist worksteal

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev
	$(BIN)/testamur bench
	$(BIN)/python benchmarks/json_and_encodings.py
	$(BIN)/python benchmarks/status_lists.py
	$(BIN)/python benchmarks/cold_start.py
	$(BIN)/python benchmarks/europass.py
	$(BIN)/python benchmarks/publishing.py --pages 100 1000

docs: $(VENV)/.dev
	$(BIN)/pytest tests/docs
	$(BIN)/python docs/build_reference.py

# Other people's software, which npm fetches; skipped where it cannot.
interop: $(VENV)/.dev
	TESTAMUR_INTEROP=1 $(BIN)/pytest -m interop

# Issuing and publishing processes killed at random, on SQLite and PostgreSQL; some ten minutes.
faults: $(VENV)/.dev
	TESTAMUR_FAULTS=1 $(BIN)/pytest tests/faults -s

# Seed, number of documents and processors: make differential ARGS='--seed 7 --count 1000'
differential: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m differential.run $(ARGS)

clean:
	rm -rf $(VENV) demo

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it, or name it: make $(MAKECMDGOALS) PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[image,http,register,postgresql]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.demo
