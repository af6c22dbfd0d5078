# Two commands set everything up on a bare machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

MODELS_VENV := .venv-models

.PHONY: app demo test test-models lint format clean

# One stamp a set of packages: the demo does not wait for the developers' tools.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

demo: $(VENV)/.installed
	$(BIN)/undertone analyze sample_data/evening.ogg --out build/demo

# The review app, in the browser.
app: $(VENV)/.installed
	$(BIN)/undertone review

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

# The extra `models` (torch, Whisper, pyannote; 5.9 GB) has an environment of its own.
$(MODELS_VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(MODELS_VENV)
	$(MODELS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e ".[models]" "pytest>=8" "soundfile>=0.13"
	@touch $@

# One thread: the models of the tests are so small that threads which wait for each other cost most of the time.
test-models: $(MODELS_VENV)/.installed
	OMP_NUM_THREADS=1 $(MODELS_VENV)/bin/python -m pytest tests/models

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(MODELS_VENV) build .pytest_cache .mypy_cache .ruff_cache
