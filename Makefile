# athanor: make demo, make test. Everything lives in .venv, made once from pyproject.toml.
SHELL := /bin/bash
VENV := .venv
READY := $(VENV)/.ready
BIN := $(VENV)/bin
WORKERS := $(shell nproc 2>/dev/null || sysctl -n hw.ncpu)
DEMO := runs/demo-$(shell date +%Y-%m-%d-%H%M%S)
PAGES := tests/console/dashboard/test_pages.py
TABLE ?= ../shared/data/optimization/p3ht_cnt.csv
export OMP_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help demo browser test check bench designers peers

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 9

demo: $(READY) ## a whole campaign on the simulated bench, with its report
	@SECONDS=0; $(BIN)/athanor campaign run examples/film_bench/campaign.yaml --out $(DEMO) && \
	printf 'took %s s; open %s\n' $$SECONDS "$(CURDIR)/$(DEMO)/report.html"

browser: ## what the tests of the pages need: chromium, by apt
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium; }

test: $(READY) ## every test: those of the pages by themselves, the others on all cores
	@$(BIN)/python -m pytest $(PAGES)
	@$(BIN)/python -m pytest -n $(WORKERS) --ignore=$(PAGES)

check: $(READY) ## lint, format, types, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## what is measured against peers, as tables
	$(BIN)/python benchmarks/dry_run_speed.py
	$(BIN)/python benchmarks/wires.py
ifneq ($(wildcard $(TABLE)),)
	$(BIN)/python benchmarks/film_truth_fit.py $(TABLE)
	$(BIN)/python benchmarks/designer_on_table.py $(TABLE)
	$(BIN)/python benchmarks/film_campaign.py $(TABLE)
else
	@echo "the other benchmarks need measured films: make bench TABLE=p3ht_cnt.csv"
endif

designers: $(READY) ## our designer against others, each in an environment of its own: hours; WISHES=--quick: a look
	@for needs in benchmarks/requirements/*.txt; do \
		home=.peers/$$(basename $$needs .txt); \
		[ -x $$home/bin/python ] || { $(BIN)/python -m venv $$home && $$home/bin/pip install -q -r $$needs; } || exit 1; \
	done
	@$(BIN)/python benchmarks/designers.py $(WISHES)

peers: $(READY) ## third-party clients against our emulators, each in an environment of its own
	@for needs in tests/peers/requirements/*.txt; do \
		home=.peers/$$(basename $$needs .txt); \
		[ -x $$home/bin/python ] || { $(BIN)/python -m venv $$home && $$home/bin/pip install -q -r $$needs; } || exit 1; \
	done
	@$(BIN)/python -m pytest tests/peers

$(READY): pyproject.toml .ci/make_venv
	@.ci/make_venv $(VENV)
	@touch $@
