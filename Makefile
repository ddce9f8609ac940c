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

.PHONY: report test lab lint lock env bench gallery

report: $(READY)  ## write reports/index.html; BUNDLE=, PERIOD= or AS_OF=, TOWNSHIP=, OUT=, LANGUAGE=
	$(BIN)/tenglong report $(BUNDLE) $(if $(AS_OF),--as-of $(AS_OF)) \
	  $(if $(PERIOD),--period $(PERIOD)) $(if $(TOWNSHIP),--township $(TOWNSHIP)) --out $(OUT) --language $(LANGUAGE)

test: $(READY)  ## run every test
	$(BIN)/python -m pytest -n auto --dist loadfile

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
	python3 -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
else
$(READY): environment.yml pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
endif
