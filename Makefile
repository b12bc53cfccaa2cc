# The whole project in a few words: `make run` serves it, `make test` checks it. Both set up what is missing.
.DEFAULT_GOAL := help
PY := .venv/bin/python
WEIGHTS := retrieval/weights/mocban-vankhac.safetensors

.PHONY: help run test setup assets lint format bench audit lock train-shipped clean

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: ## set up what is missing, and serve the installation until Ctrl-C
	@scripts/setup run
	@exec $(PY) manage.py up

test: ## set up what is missing, then lint, and run every test
	@scripts/setup test
	@scripts/lint
	@exec scripts/test

setup: ## set up what running and testing need
	@scripts/setup test

assets: ## build the pages' scripts and styles
	@scripts/setup assets

lint: ## check style, layers, migrations and the compose file
	@scripts/lint

format: ## bring the code into the house's style
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

bench: ## measure the speeds that docs/benchmarks.md promises
	@scripts/setup run
	@exec $(PY) -m bench

audit: ## look the locked packages up among the known vulnerabilities
	@scripts/audit

lock: ## resolve pyproject.toml and package.json anew into the lock files
	@scripts/lock

CROPS ?= $(wildcard ../shared/data/kieu_crops.zip)
train-shipped: ## train the weights that the project ships; hours, and a kill costs minutes
	@exec $(PY) -m retrieval train shipped --folder build/train-shipped --out $(WEIGHTS) \
		--fonts node_modules $(if $(CROPS),--crops $(CROPS))

clean: ## remove everything made by set-up; the installation under var/ stays
	rm -rf .venv node_modules static/dist build .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
