# `make demo` shows the platform; `make test` runs every test. Both first install what they need, in this folder only.
#
#   PYTHON=python3.13   use another Python
#   ARGS="-k tariff"    pass arguments on, for instance to the tests
#   JOBS=4              run tests in so many processes

PYTHON ?= python3
JOBS ?= 2
ARGS ?=

VENV := .venv
TOOLS := .tools
BIN := $(VENV)/bin
UV := $(TOOLS)/bin/uv

PACKAGES := $(VENV)/.packages-of-$(notdir $(PYTHON))
PROJECT := $(VENV)/.project
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard ecoop/translations/*/LC_MESSAGES/*.po))

.PHONY: help install demo test check bench lock clean
.DEFAULT_GOAL := help

help: ## Tell what can be done
	@awk -F ': .*## ' '/^[a-z]+: .*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

install: $(PROJECT) $(CATALOGUES) ## Set up .venv with the locked packages and this project

demo: install ## Open a worked example in the browser, everybody in it invented
	@$(BIN)/ecoop demo $(ARGS)

test: install ## Run all tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

check: install ## Look at style, types and templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates

bench: install ## Measure the engine and the pages
	$(BIN)/python -m benchmarks $(ARGS)

# `make lock ARGS=--upgrade` also takes newer versions.
LOCK = $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	--python-version 3.11 $(ARGS)

lock: install ## Pin the packages of pyproject.toml anew
	$(LOCK) pyproject.toml --extra postgres --group dev -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra postgres --constraints requirements/dev.txt -o requirements/run.txt
	echo uv | $(LOCK) - -o requirements/uv.txt

clean: ## Remove what was made here; the data in var stay
	rm -rf $(VENV) $(TOOLS) dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	rm -f $(CATALOGUES)
	find ecoop tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(PACKAGES): requirements/dev.txt requirements/uv.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not there. Install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "ecoop needs Python 3.11 or newer; $(PYTHON) is older. With another: make $(MAKECMDGOALS) PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) lacks its venv module. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing the locked packages in $(VENV) ..."
	@test -f $@ || $(PYTHON) -m venv --clear $(VENV)
	@{ cmp -s requirements/uv.txt $(TOOLS)/uv.txt \
		|| { $(PYTHON) -m venv --clear $(TOOLS) \
			&& $(TOOLS)/bin/python -m pip install --quiet --require-hashes -r requirements/uv.txt \
			&& cp requirements/uv.txt $(TOOLS)/uv.txt; }; } \
		&& $(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt \
		|| { echo "uv cannot be used here. pip does the same and takes longer ..." \
			&& $(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt; }
	@touch $@

$(PROJECT): $(PACKAGES) pyproject.toml hatch_build.py ecoop/__init__.py
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --reinstall-package ecoop -e . \
		|| $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

%.mo: %.po | $(PROJECT)
	@$(BIN)/ecoop i18n compile
