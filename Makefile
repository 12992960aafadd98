# `make demo` and `make test` do all the set-up on a fresh machine: they need Python 3.11 or newer, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp

.PHONY: help demo test check unit sdk torch behind bench quality fuzz soak clean
help:
	@echo "make demo    start the server, ask it about real pictures with the official SDK, stop it"
	@echo "make test    style, types and the whole test suite"
	@echo "make bench   benchmarks, each beside a floor or a peer"
	@echo "make behind  the official clients in front of a real server of OpenAI's API, transformers and diffusers"
	@echo "make quality what the built-in engine gets right, on drawn and real pictures: docs/quality.md"
	@echo "make fuzz    a longer mutation fuzz of the whole surface"
	@echo "make soak    uploads and a batch job while the server is killed a hundred times; 200 MB by every client"
	@echo "make clean   remove what these commands installed"

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group dev
	@touch $@

demo: $(STAMP)
	@$(BIN)/python -W ignore tools/demo.py

test: check unit

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The official clients, each version in a virtual environment of its own, and the JavaScript one.
sdk: $(STAMP)
	@$(BIN)/python tools/install_sdks.py

# What models in process need, where a CPU build of torch can be had; elsewhere their tests skip, and say why.
torch: $(STAMP)
	@$(BIN)/python tools/install_torch.py

unit: $(STAMP) sdk torch
	$(BIN)/python -m pytest

# The official clients in front of real models: tiny ones, whose words are chance, and everything else is as it must be.
behind: $(STAMP) sdk torch
	@for engine in openai transformers diffusers; do \
	  POLLUX_BEHIND=$$engine $(BIN)/python -m pytest tests/sdk || exit 1; done

bench: $(STAMP) torch
	@$(BIN)/python tools/install_litellm.py
	$(BIN)/python bench/run.py

# QUALITY_SEED draws other pictures; what is not installed by pip (Chromium, fonts) is named, and its pictures are left out.
quality: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group quality
	@$(BIN)/python tools/install_quality.py
	$(BIN)/python -m pytest -m quality tests/quality --quality-report docs/quality.md

fuzz: $(STAMP)
	POLLUX_FUZZ_EXAMPLES=20000 $(BIN)/python -m pytest tests/fuzz

soak: $(STAMP) sdk
	$(BIN)/python -m tests.soak.uploads --kills 100
	$(BIN)/python -m tests.soak.batches --kills 100
	POLLUX_SOAK=1 $(BIN)/python -m pytest tests/sdk -k "sizes or ManySizes"

clean:
	rm -rf $(VENV) .venvs .photographs node_modules tests/sdk/js/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
