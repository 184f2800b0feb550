# What a person runs. Each target makes .venv at first use and installs only what it needs, from the locks, by hash.
#
#   make demo     an unchanged script on a remote engine       make test     the whole suite
#   make check    every rule that a machine can hold           make proto    generate the wire's code anew
#   make audit    licences, hashes, known vulnerabilities      make lock     resolve the dependencies anew
#   make bench    the table of docs/performance.md, beside the peers that PEERS="..." names (python -m bench --help)
#
# torch comes from its own index where the CPU build lives (the default index carries the CUDA build, 3 GB). A local
# wheel that pip can find (PIP_FIND_LINKS) is taken first, so that a machine without that index works too.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
PYTHON ?= $(firstword $(foreach p,python3.11 python3 python3.12 python3.13,$(shell $(p) -c \
	'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
HOUSE := PYTHONPATH=tests/architecture $(BIN)/python -m house
TESTS ?= tests
WORKERS ?= 2

export OMP_NUM_THREADS ?= 1

.PHONY: help demo test bench check fix proto docs-check audit sbom licences lock install clean

help:
	@sed -n 's/^#   //p' Makefile

demo: .venv/.installed-cpu
	$(BIN)/aweigh run examples/complete.py

test: .venv/.installed-dev
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -q $(TESTS)

bench: .venv/.installed-dev
	$(BIN)/python -m bench $(PEERS)

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests
	$(BIN)/lint-imports --no-logo
	$(HOUSE).protogen
	$(HOUSE).sizes
	$(HOUSE).rules
	$(HOUSE).bill
	$(BIN)/python -m aweigh.kernels.triton.aot --check --quick
	@$(MAKE) --no-print-directory docs-check

docs-check: .venv/.installed-dev
	$(HOUSE).links
	$(HOUSE).licences --check

fix: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

proto: .venv/.installed-dev
	$(HOUSE).protogen --write

licences: .venv/.installed-dev
	$(HOUSE).licences

sbom: .venv/.installed-dev
	mkdir -p dist
	$(HOUSE).sbom > dist/aweigh.cdx.json

audit: .venv/.installed-dev .cache/tools/.installed
	$(HOUSE).bill
	$(HOUSE).licences --check
	$(HOUSE).audit .cache/tools/bin/pip-audit

# What stands in .venv is kept where it still satisfies pyproject.toml (LOCK_FLAGS=--upgrade takes the newest instead).
lock: .cache/tools/.installed
	for set in cpu dev tools; do .cache/tools/bin/python tests/architecture/house/lock.py $$set $(LOCK_FLAGS); done

install: .venv/.installed-dev

clean:
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and was not found: set PYTHON=/path/to/python3." >&2; exit 1; }
	$(PYTHON) -m venv .venv

# One stamp per set. The bigger set stamps the smaller one too: `make demo` after `make test` installs nothing.
.venv/.installed-%: locks/%.txt pyproject.toml | .venv/bin/python
	@echo "installing the $* set into .venv (first time: a few minutes)"
	@sed -n '/^torch==/,/[^\\]$$/p' $< > .venv/torch.txt
	@$(BIN)/python -c 'import torch, sys; sys.exit("'"$$(sed -n 's/^torch==\([^ ]*\).*/\1/p' .venv/torch.txt)"'" != torch.__version__)' 2>/dev/null \
		|| $(PIP) install --no-deps --require-hashes --only-binary :all: -r .venv/torch.txt 2>/dev/null \
		|| $(PIP) install --no-deps --require-hashes --only-binary :all: -r .venv/torch.txt --index-url $(TORCH_INDEX) \
		|| { echo "torch was not found: set TORCH_INDEX to an index, or PIP_FIND_LINKS to a folder, with the CPU wheel that locks/$*.txt names." >&2; exit 1; }
	$(PIP) install --require-hashes --only-binary :all: -r $<
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch .venv/.installed-cpu $@

.cache/tools/.installed: locks/tools.txt
	[ -n "$(PYTHON)" ] && $(PYTHON) -m venv .cache/tools
	.cache/tools/bin/python -m pip --disable-pip-version-check -qq install --require-hashes --only-binary :all: -r $<
	@touch $@
