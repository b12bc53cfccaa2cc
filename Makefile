# The whole project in a few words: `make run` serves it, `make test` checks it. Both set up what is missing.
.DEFAULT_GOAL := help
PY := .venv/bin/python
WEIGHTS := retrieval/weights/mocban-vankhac.safetensors

.PHONY: help run test setup assets lint translations format bench characters audit lock train-shipped report compare clean

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

translations: ## gather the pages' texts into locale/, and compile what is translated; needs gettext
	@for domain in django djangojs; do \
		$(PY) manage.py makemessages --all --domain $$domain --no-location --no-wrap --no-obsolete \
			$(foreach path,static/dist/* static/build.mjs node_modules .venv tests var build,--ignore '$(path)'); done
	@cd locale && ../$(PY) ../manage.py compilemessages

format: ## bring the code into the house's style
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format . ; .venv/bin/djlint templates --reformat --quiet
	@PATH="$$PATH:$(CURDIR)/.venv/bin" npm run format --silent

bench: ## measure the speeds that docs/benchmark.md promises
	@scripts/setup run
	@exec $(PY) -m bench

bench-index: ## measure how the search index grows, up to a million items; minutes, and 3 GB
	@scripts/setup run
	@exec $(PY) -m bench.index.growth

golden: ## take anew the pictures that the pages are held against
	@GOLDEN=write .venv/bin/pytest -q tests/browser/light/test_golden.py

pictures: ## take the README's pictures of a sample installation
	@scripts/setup test
	@exec $(PY) -m tests.browser.readme_pictures

characters: ## fetch readings, radicals and components of Han characters anew, and write their data files
	@scripts/characters

audit: ## look the locked packages up among the known vulnerabilities
	@scripts/audit

lock: ## resolve pyproject.toml and package.json anew into the lock files
	@scripts/lock

CROPS ?= $(wildcard ../shared/data/kieu_crops.zip)
train-shipped: ## train the weights that the project ships; hours, and a kill costs minutes
	@exec $(PY) -m retrieval train shipped --folder build/train-shipped --out $(WEIGHTS) \
		--fonts node_modules $(if $(CROPS),--crops $(CROPS))

SETS ?= $(wildcard ../shared/bench/blocks.zip ../shared/bench/kieu.zip)
report: ## measure the shipped weights, and write docs/retrieval.md anew
	@exec $(PY) -m retrieval report --folder build/train-shipped --fonts node_modules \
		$(if $(CROPS),--crops $(CROPS)) $(if $(SETS),--sets $(SETS)) $(if $(findstring blocks,$(SETS)),--show blocks)

compare: ## train and score every method side by side, and write the tables of docs/methods.md anew; an hour
	@exec $(PY) -m retrieval compare methods --folder build/train-shipped --fonts node_modules $(if $(CROPS),--crops $(CROPS)) \
		--sets $(SETS) --out docs/results/methods.json --page docs/methods.md

clean: ## remove everything made by set-up; the installation under var/ stays
	rm -rf .venv node_modules static/dist build .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
