# 两条命令：make demo（看一看）、make test（全部测试）。第一次要联网装依赖，之后离线也行。
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
PORT ?= 8080
# The tests wait half of their time for disks, for children and for somebody else's clock: two of them to a processor.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')
ACCOUNT ?= service

# What is compiled once is not compiled again by each of the hundred processes that the tests start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test coverage lint types imports check bench mutate lock clean

demo: $(RUN_STAMP)
	$(BIN)/redprop-bot demo --port $(PORT) --account $(ACCOUNT)

# Files in their own order, the slow ones first (tests/conftest.py): by the number of their tests those would run alone
# at the end.
test: $(DEV_STAMP) check
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

# Apart from `test`: counting lines takes several times as long as running them.
coverage: $(DEV_STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

check: lint types imports

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP)
	$(BIN)/mypy

imports: $(DEV_STAMP)
	$(BIN)/lint-imports

bench: $(DEV_STAMP)
	$(BIN)/python -m bench

mutate: $(DEV_STAMP)
	$(BIN)/python -m tests.mutation

# One virtual environment for both commands; a stamp per set of requirements, so that a second run needs no network.
$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 以上")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(RUN_STAMP): requirements.lock requirements-build.lock pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -r requirements-build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# Needs uv; the locks hold hashes for every platform and no index addresses. Extras are kept: pip would otherwise look
# for a package with its extra among all versions, and refuse the newest for having no hash.
lock:
	uv pip compile --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-annotate --no-header -q pyproject.toml -o requirements.lock
	uv pip compile --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-annotate --no-header -q pyproject.toml --all-extras --group dev -o requirements-dev.lock
	uv pip compile --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-annotate --no-header -q --group build -o requirements-build.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
