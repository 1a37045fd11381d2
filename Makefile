# `make` lists what there is to do. Needs Python >= 3.11 and nothing else.

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)

# in this order also with -j: what is quick to read comes first, pytest's closing line last
.NOTPARALLEL:
.PHONY: help install hub test check formatted lint types contracts format pictures clean

help:
	@echo "make install          make .venv with everything that the targets below need"
	@echo "make hub [PORT=8000]  start a JupyterHub to try it with, on this machine only, without any account"
	@echo "make test             run the tests; what this machine can't run is reported with the reason"
	@echo "make check            formatting, lint, types, import contracts and tests: what CI runs"
	@echo "make format           put the formatting right"
	@echo "make pictures         take the pictures of the README anew"
	@echo "make clean            remove what the other targets made"

install: $(INSTALLED)

# A Python is taken only if it runs (pyenv leaves commands that don't) and is new enough.
$(INSTALLED): pyproject.toml
	@found=; for candidate in $(PYTHONS); do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "No Python 3.11 or newer among: $(PYTHONS)."; \
	  echo "Install one (Debian 12, Ubuntu 24.04 or newer: apt-get install python3 python3-venv), or name it: make install PYTHON=/path/to/python3"; \
	  exit 1; \
	fi; \
	if ! $$found -c 'import venv, ensurepip' 2>/dev/null; then \
	  package=$$($$found -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	  echo "$$found can't make virtual environments. On Debian and Ubuntu: apt-get install $$package"; \
	  exit 1; \
	fi; \
	echo "Installing into $(VENV) with $$($$found --version) ..."; \
	$$found -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]' --group dev
	@touch $@

hub: install
	@$(BIN)/python demo/start.py --port $(PORT) $(ARGS)

test: install
	@$(BIN)/python tests/reaping.py

check: formatted lint types contracts test

formatted: install
	$(BIN)/ruff format --check .

lint: install
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy
	$(BIN)/mypy demo/find_proxy.py demo/start.py

contracts: install
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pictures: install
	SCREENSHOTS=docs/images $(BIN)/python -m pytest tests/e2e/in_browser/test_pictures.py

clean:
	rm -rf $(VENV) .demo build dist pkg/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
