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

.PHONY: report test check lab lint lock env bench gallery same mutants packages

report: $(READY)  ## write reports/index.html; BUNDLE=, PERIOD= or AS_OF=, TOWNSHIP=, OUT=, LANGUAGE=
	$(BIN)/tenglong report $(BUNDLE) $(if $(AS_OF),--as-of $(AS_OF)) \
	  $(if $(PERIOD),--period $(PERIOD)) $(if $(TOWNSHIP),--township $(TOWNSHIP)) --out $(OUT) --language $(LANGUAGE)

test: packages $(READY)  ## run every test; installs what tests/packages.txt lists, where it may
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(READY)  ## a quick look: ruff, mypy, and the tests that need nothing but Python
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile --hypothesis-profile quick -m "not heavy and not long"

packages:
	@sh tests/packages.sh

same: $(READY)  ## make reports of many kinds in AFTER=, and compare them with those in BEFORE=
	$(BIN)/python tests/same.py $(AFTER) $(BEFORE)

mutants: $(READY)  ## draw mutants, print those that no near test kills; SIZE=, SEED=, PACKAGES=, AT=FILE:LINE
	$(BIN)/uv run --quiet --no-project --python $(BIN)/python --with-requirements tests/mutants.txt \
	  python tests/mutants.py $(if $(SIZE),--size $(SIZE)) $(if $(SEED),--seed $(SEED)) $(addprefix --at ,$(AT)) $(PACKAGES)

lab: $(READY)  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=notebooks

lint: $(READY)  ## what must be clean before a change lands
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

lock: $(READY)  ## write requirements.lock anew from environment.yml
	$(BIN)/python -m tenglong.run.environment \
	  | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	      --no-header --no-annotate --output-file requirements.lock -

bench: $(READY)  ## print speed, memory and size as ratios against the plain way
	$(BIN)/python tests/bench.py

gallery: $(READY)  ## write docs/gallery.md and its pictures anew, from the sample
	$(BIN)/python tests/gallery.py

env: $(READY)  ## set up .venv from requirements.lock

ifeq ($(BIN),.venv/bin)
$(READY): requirements.lock pyproject.toml
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tenglong needs Python 3.11 or later as python3; install it first" >&2; exit 69; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "python3-venv is missing: sudo apt-get install python3-venv" >&2; exit 69; }
	python3 -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
else
$(READY): environment.yml pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
endif
