# The one front door. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP_FLAGS := --disable-pip-version-check --quiet
REQUEST ?= Every weekday at 9 in Seoul, list the open issues labelled "bug" in the GitHub repository acme/app; if there are more than 5, post "Too many open bugs" to \#eng in Slack.

.PHONY: help demo test check bench format clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml constraints.txt
	@echo "==> making $(VENV) and installing what constraints.txt pins (first time: some minutes)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "flowloom needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=python3.11 (or newer).")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install $(PIP_FLAGS) --upgrade pip
	@$(BIN)/python -m pip install $(PIP_FLAGS) --prefer-binary -c constraints.txt torch
	@$(BIN)/python -m pip install $(PIP_FLAGS) --prefer-binary -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP) ## compose the README's request with the offline composer
	@echo "==> composing offline: no key, no network"
	@$(BIN)/flowloom compose '$(REQUEST)' --model offline --out demo-workflow.yaml

test: $(STAMP) ## run the tests
	@echo "==> running the tests"
	@$(BIN)/python -m pytest -n 2 --dist loadscope

check: $(STAMP) ## lint and type-check
	@echo "==> ruff"
	@$(BIN)/ruff check flowloom tests benchmarks examples
	@$(BIN)/ruff format --check flowloom tests benchmarks examples
	@echo "==> pyright (strict)"
	@$(BIN)/pyright --pythonpath $(BIN)/python

bench: $(STAMP) ## run the benchmarks whose figures the README quotes
	@for name in verify_speed compose_speed flow_bench index_kill retrieval faults fuzz \
		own_requests serve_load ladder eval_speed; do \
		echo "==> benchmarks/$$name.py"; $(BIN)/python -m benchmarks.$$name || exit 1; done

format: $(STAMP) ## format the code
	@$(BIN)/ruff check --fix flowloom tests benchmarks examples
	@$(BIN)/ruff format flowloom tests benchmarks examples

clean: ## remove what the targets made
	rm -rf $(VENV) demo-workflow.yaml .pytest_cache .ruff_cache *.egg-info
