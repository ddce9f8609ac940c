# The kit's commands. `make report` and `make test` set everything up by themselves.
BUNDLE ?= data/sample
OUT ?= reports
LANGUAGE ?= zh

# An active conda environment made from environment.yml is used as it is; else .venv.
ifeq ($(CONDA_DEFAULT_ENV),tenglong)
BIN := $(CONDA_PREFIX)/bin
else
BIN := .venv/bin
endif
READY := $(BIN)/.tenglong
TOOLS := $(BIN)/.tenglong-tools

.PHONY: report test check lab lint lock env bench gallery same mutants sweep packages

report: $(READY)  ## write reports/index.html; BUNDLE=, PERIOD= or AS_OF=, TOWNSHIP=, OUT=, LANGUAGE=
	$(BIN)/tenglong report "$(BUNDLE)" $(if $(AS_OF),--as-of $(AS_OF)) \
	  $(if $(PERIOD),--period $(PERIOD)) $(if $(TOWNSHIP),--township "$(TOWNSHIP)") \
	  --out "$(OUT)" --language $(LANGUAGE)

test: packages $(TOOLS)  ## run every test; installs what tests/packages.txt lists, where it may
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(TOOLS)  ## a quick look: ruff, mypy, and the tests that need nothing but Python
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile --hypothesis-profile quick -m "not heavy and not long"

packages:
	@sh tests/packages.sh

same: $(TOOLS)  ## make reports of many kinds in AFTER=, and compare them with those in BEFORE=
	$(BIN)/python tests/same.py "$(AFTER)" "$(BEFORE)"

mutants: $(TOOLS)  ## draw mutants, print those that no near test kills; SIZE=, SEED=, PACKAGES=, AT=FILE:LINE
	$(BIN)/uv run --quiet --no-project --python $(BIN)/python --with-requirements tests/mutants.txt \
	  python tests/mutants.py $(if $(SIZE),--size $(SIZE)) $(if $(SEED),--seed $(SEED)) $(addprefix --at ,$(AT)) $(PACKAGES)

sweep: $(TOOLS) packages  ## publish with a fault at every system call, print what was not whole after it
	$(BIN)/python tests/sweep.py

lab: $(READY)  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=notebooks

lint: $(TOOLS)  ## what must be clean before a change lands
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

lock: $(TOOLS)  ## write the locks and environment.yml anew from pyproject.toml
	$(COMPILE) --group clone --output-file requirements.lock pyproject.toml
	$(COMPILE) --group tools --constraint requirements.lock --output-file tests/requirements.lock pyproject.toml \
	  $$(sed -n 's/==.*//p' requirements.lock | sort -u | sed 's/^/--no-emit-package /')
	$(BIN)/python tests/environment.py > environment.yml

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate

bench: $(TOOLS)  ## measure speed and memory beside the plain ways, write docs/benchmarks.md; ROWS=, BEFORE=
	PYTHONPATH=tests $(BIN)/python -m bench $(if $(BEFORE),--before "$(BEFORE)") $(ROWS)

gallery: $(TOOLS)  ## write docs/gallery.md and its pictures anew, from the sample
	$(BIN)/python tests/gallery.py

env: $(TOOLS)  ## set up .venv from the locks, with the tools that tests and lint need

ifeq ($(BIN),.venv/bin)
# uv installs in seconds what takes pip minutes. Where it cannot be had (another index, no wheel for
# this machine), pip installs the same pins; uv is told the index that pip is set up for.
define install
@echo "make: installing $(lastword $(1)) into .venv" >&2
@UV_DEFAULT_INDEX=$$($(BIN)/python -m pip config get global.index-url 2>/dev/null) \
  && export UV_DEFAULT_INDEX || unset UV_DEFAULT_INDEX; \
$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes $(1:%=--requirement %) || \
  { echo "make: uv could not, so pip does it: some minutes" >&2; \
    $(BIN)/python -m pip install --quiet --require-hashes $(1:%=--requirement %); }
endef
UV = $$(command -v uv || echo $(BIN)/uv)

$(READY): requirements.lock pyproject.toml
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tenglong needs Python 3.11 or later as python3; install it first" >&2; exit 69; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "python3-venv is missing: sudo apt-get install python3-venv" >&2; exit 69; }
	python3 -m venv .venv
	@command -v uv >/dev/null || { sed -n '/^uv==/,/[^\\]$$/p' tests/requirements.lock > .venv/uv.lock; \
	  $(BIN)/python -m pip install --quiet --require-hashes --requirement .venv/uv.lock || true; }
	$(call install,requirements.lock)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(TOOLS): $(READY) tests/requirements.lock
	$(call install,requirements.lock tests/requirements.lock)
	@touch $@
else
$(READY) $(TOOLS): environment.yml pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
endif
