# Everything a newcomer needs: `make brief`, then `make test`. Nothing has to be installed by hand but Python 3.11 or later.

PYTHON ?= python3
CASE ?= dprk-2019
OUT ?= out/$(CASE)
WORKERS ?= 2
LENGTH ?= 10

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install -c constraints.txt
USER_READY := $(VENV)/.ready
DEV_READY := $(VENV)/.ready-to-develop
NOT_DEEP := -m "not deep"

.PHONY: help brief test test-deep check bench reference clean

help:  ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

brief: $(USER_READY)  ## the main job on the shipped case: plan, compare, write the brief (CASE=NAME for another)
	@$(BIN)/detente brief $(CASE) -o $(OUT)

test: check  ## style, types, layers and all tests: at most 10 minutes on 2 cores
	@$(BIN)/python -m pytest -n $(WORKERS) $(NOT_DEEP)

test-deep: check  ## the same with property tests ten times as long: at most 60 minutes
	@DETENTE_DEPTH=$(LENGTH) $(BIN)/python -m pytest -n $(WORKERS)

check: $(DEV_READY)  ## style, types and layers only
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "not formatted: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(DEV_READY)  ## speed and memory, printed beside what is aimed at
	@$(BIN)/python -m benchmarks

reference: $(DEV_READY)  ## write docs/reference/command-line.md anew
	@$(BIN)/python -m tests.docs.command_line

clean:  ## forget the environment and what was written
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The environment: made on first use, brought up to date when the pinned versions change.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or later is needed, and $(PYTHON) is not: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making the environment $(VENV) (once; a minute or two)"
	@$(PYTHON) -m venv $(VENV)

$(USER_READY): $(BIN)/python pyproject.toml constraints.txt
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation -e .
	@touch $@

$(DEV_READY): $(USER_READY)
	@$(PIP) --no-build-isolation -e '.[dev]'
	@touch $@
