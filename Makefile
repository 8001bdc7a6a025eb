# SIAPA. `make run` and `make test` are all a fresh machine needs: Python 3.11 or newer, make, a package index.
# Stamps in .venv remember what is installed, so a second start takes seconds.

PORT ?= 8000
VENV ?= .venv
ARGS ?=

PY := $(VENV)/bin/python
INSTALL := $(PY) -W ignore -m pip install --quiet --disable-pip-version-check
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-strip-extras --no-annotate --no-header --quiet

.DEFAULT_GOAL := help
.PHONY: help run test lint bench lock clean

help:
	@echo "make run    install, load the data and serve on http://127.0.0.1:$(PORT)  (PORT=8001 for another port)"
	@echo "make test   install what the tests need and run them all  (ARGS='-k words' for some)"
	@echo "make lint   ruff, mypy --strict, direction of imports"
	@echo "make bench  requests per second against a hello-world of the same server"
	@echo "make lock   write the lock files anew (maintainers; needs uv)"
	@echo "make clean  remove the environment, the local database and the index"

# The environment. PYTHON=... chooses the interpreter; otherwise the first that is new enough.
$(PY):
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	  for one in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	    if "$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$one"; break; fi; \
	  done; \
	fi; \
	if [ -z "$$python" ] || ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "SIAPA needs Python 3.11 or newer; found: $$($${python:-python3} --version 2>&1 | head -n 1). Say which with: make run PYTHON=/path/to/python3.11" >&2; \
	  exit 1; \
	fi; \
	"$$python" -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "No environment could be made. On Debian and Ubuntu install python3-venv, then say make again." >&2; \
	  exit 1; \
	}

$(VENV)/.installed: requirements.lock pyproject.toml | $(PY)
	@echo "Installing what SIAPA needs into $(VENV) ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: requirements-test.lock $(VENV)/.installed
	@echo "Installing what the tests need into $(VENV) ..."
	@$(INSTALL) --require-hashes -r requirements-test.lock
	@touch $@

run: $(VENV)/.installed
	@exec $(VENV)/bin/siapa serve --port $(PORT)

test: $(VENV)/.installed-test
	$(PY) -m pytest -n 2 --dist loadfile $(ARGS)

lint: $(VENV)/.installed-test
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo

bench: $(VENV)/.installed
	$(PY) -P benchmarks/requests.py $(ARGS)

# Keeps what is pinned and adds what is new; remove a line, or the file, to raise a version.
lock:
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group build --group test --group lint --constraint requirements.lock --output-file requirements-test.lock

clean:
	rm -rf $(VENV) instance siapa.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find search_index -mindepth 1 ! -name README.md -delete
