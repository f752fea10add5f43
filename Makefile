# What people do with cxdash. `make help` explains each.
.DEFAULT_GOAL := help
.PHONY: help run test check shots truth promises bench load demo lock clean
SHELL := /bin/sh
.SUFFIXES:

PORT ?= 8501
ADDRESS ?= 127.0.0.1
SEEDS ?= 200
PROCESSES ?= 2
PY := .venv/bin/python
PREPARE = python=$$(sh tools/find-python.sh) && "$$python" tools/environment.py

help: ## show this list
	@echo "cxdash: what your customers' voice is worth, and how sure that is."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: ## start the app on http://127.0.0.1:8501 (another port: make run PORT=8600)
	@$(PREPARE) run
	@exec $(PY) -m cxdash.faces.cli.serve --port $(PORT) --address $(ADDRESS)

# The files of the tests are shared among processes, slow ones first. One thread each for the
# libraries that calculate: more of them than cores only wait for each other.
test: ## install what the tests need and run all of them (two at once; PROCESSES=1: one by one)
	@$(PREPARE) test
	@OMP_NUM_THREADS=1 CXDASH_CHROMIUM="$$($(PY) tools/environment.py browser)" $(PY) -m pytest \
	  -n $(PROCESSES) --dist loadfile --no-loadscope-reorder --durations=12 --durations-min=2 \
	  tests/faults tests/attack tests/truth tests/app tests/unit tests/e2e

check: ## style and types (ruff and mypy, both strict), licences, known vulnerabilities
	@$(PREPARE) test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) tools/audit.py || test $$? -eq 3  # 3: it says that it could not look anything up

shots: ## a screenshot of every page, light and dark, in two sizes, into shots/
	@$(PREPARE) test
	@$(PY) -m cxdash.faces.cli.serve --prepare-only
	@CXDASH_CHROMIUM="$$($(PY) tools/environment.py browser)" $(PY) tools/shots.py

truth: ## how often claims hold: 200 made-up companies, docs/calibration.md (SEEDS=20 for fewer)
	@$(PREPARE) test
	@PYTHONPATH=. $(PY) tests/truth/calibration.py --seeds $(SEEDS)

promises: ## try every fault at full length and write docs/promises.md (about half an hour)
	@$(PREPARE) test
	@CXDASH_THOROUGH=1 CXDASH_CHROMIUM="$$($(PY) tools/environment.py browser)" $(PY) -m pytest \
	  -m "promise" tests/attack tests/faults tests/app tests/unit tests/e2e --promises test-results/promises.json; \
	  $(PY) tools/promises.py test-results/promises.json

bench: ## time a large import and every question at the size of a large company; docs/performance.md
	@$(PREPARE) run
	@$(PY) -m benchmarks

load: ## 50 viewers with real websockets and an import, every figure checked; docs/performance.md
	@$(PREPARE) test
	@$(PY) -m benchmarks.load --write

demo: ## write the exports of the demo company into data/demo-company/
	@$(PREPARE) run
	@$(PY) -m cxdash demo

lock: ## compile requirements/*.in into pinned, hashed requirements (needs uv)
	@command -v uv >/dev/null || { echo "uv is needed: https://docs.astral.sh/uv/" >&2; exit 1; }
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --quiet requirements/run.in -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --quiet --constraint requirements.txt requirements/test.in -o requirements/test.txt

clean: ## remove what can be made again (environment, caches, shots); your data stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis shots test-results benchmarks/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
