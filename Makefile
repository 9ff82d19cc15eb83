# Everything a developer types. `make run` and `make test` need Python 3.11+, git and make only.

PYTHON ?= python3
PORT ?=
TESTS ?= tests
UPGRADE ?=
JSON ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip
UV := $(BIN)/uv

# Written when an installation is complete; older than the lock file, it is done again.
APP := .venv/app-installed
DEV := .venv/dev-installed
PEERS := .venv-peers/installed

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_NO_INPUT = 1

.DELETE_ON_ERROR:
.PHONY: help run setup test check format bench bench-peers lock clean

help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

run: $(APP) ## Start LessonGen; PORT=8502 for another port
	@$(BIN)/lessongen run $(if $(PORT),--port $(PORT))

setup: $(APP) ## Install LessonGen into .venv and stop there
	@echo "Ready: $(BIN)/lessongen"

test: $(DEV) ## Run the tests; TESTS=tests/unit for some of them
	@chromium="$$($(BIN)/python tests/find_programs.py chromium)" && \
	soffice="$$($(BIN)/python tests/find_programs.py soffice || true)" && \
	LESSONGEN_CHROMIUM="$$chromium" LESSONGEN_SOFFICE="$$soffice" \
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(TESTS)

check: $(DEV) ## Check style, types and layers; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports

format: $(DEV) ## Lay the code out, and mend what can be mended safely
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(APP) ## Measure how quick and how steady LessonGen is; JSON=FILE keeps the figures
	@$(BIN)/lessongen bench $(if $(JSON),--json $(JSON))

bench-peers: $(APP) $(PEERS) ## Compare LessonGen's own work with that of other libraries
	@$(BIN)/python -m tests.peers --peers-python .venv-peers/bin/python $(if $(JSON),--json $(JSON))

lock: $(DEV) ## Make the lock files again; UPGRADE=--upgrade for newer versions
	$(lock) pyproject.toml --group build --output-file requirements.txt
	$(lock) pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt
	$(lock) --group peers --output-file requirements-peers.txt

clean: ## Remove what was installed and cached; lessons stay
	rm -rf .venv .venv-peers .hypothesis .import_linter_cache .pytest_cache .ruff_cache build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One lock for Linux, macOS and Windows and every Python from 3.11; it names no index.
lock = $(UV) pip compile --quiet $(UPGRADE) --universal --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

# Install a lock file, the first argument, for an interpreter, the second. uv takes seconds where
# pip takes minutes, and comes from our own lock. It does not read pip's configuration: pip does the
# work where that names another index, or where uv cannot.
install = if $(own_index) || ! { $(with_uv); }; then $(with_pip); fi
own_index = $(PIP) config list | grep -q '[.]index-url='
uv_alone = awk '/^uv==/ {uv = 1} uv {print} uv && !/\\$$/ {exit}' requirements.txt > .venv/uv.txt
with_uv = $(uv_alone) && $(PIP) install --quiet --require-hashes -r .venv/uv.txt && \
	$(UV) pip install --python $(2) --require-hashes -r $(1)
with_pip = $(2) -m pip install --require-hashes -r $(1)

$(APP): $(BIN)/python requirements.txt pyproject.toml
	@echo "Installing LessonGen into .venv"
	@$(call install,requirements.txt,$(BIN)/python)
	@$(PIP) install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV): $(APP) requirements-dev.txt
	@echo "Installing the development tools into .venv"
	@$(call install,requirements-dev.txt,$(BIN)/python)
	@touch $@

# Libraries that want other versions than ours.
$(PEERS): $(BIN)/python requirements-peers.txt
	@echo "Installing the libraries to compare with into .venv-peers"
	@$(BIN)/python -m venv --clear .venv-peers
	@$(call install,requirements-peers.txt,.venv-peers/bin/python)
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	"LessonGen needs Python 3.11 or newer, and $(PYTHON) is not." \
	"Where it has another name, say so: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }
