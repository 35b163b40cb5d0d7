# `make run` loads reports, `make test` checks everything; both make .venv when it is missing or the
# lock file has changed. REPORTS=<file, folder, glob or URL> names other input, PYTHON=<path> another
# interpreter.
REPORTS ?= samples
WORKERS ?= 6
ROUNDS ?= 5
BIN := .venv/bin
READY := .venv/ready
READY_TESTS := .venv/ready-tests

.PHONY: run test test-busy soak lint corpus-diff results bench bench-pipeline bench-flat bench-start bench-store bench-scale bench-extract bench-repair bench-pdf bench-harm bench-search screenshots mutants schema rules lock

run: $(READY)
	@$(BIN)/etl run --prefect --example "$(REPORTS)"

# Three workers a core: those with servers mostly wait. Hundreds of processes are started, so bytecode is kept
# even where the environment says otherwise.
TEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup

test: $(READY_TESTS) lint
	@$(TEST) --durations=25

# That no test depends on the order or on the speed of the machine: every round in another order (a failure names
# its seed), beside two processes that keep two cores busy.
test-busy: $(READY_TESTS)
	@for number in 1 2; do sh -c 'while :; do :; done' & busy="$$busy $$!"; done; \
	trap 'kill $$busy' EXIT; trap 'exit 130' INT TERM; \
	for round in $$(seq $(ROUNDS)); do \
	  echo "round $$round of $(ROUNDS)"; \
	  $(TEST) || exit 1; \
	done

# The long versions of what `make test` tries in seconds; hours. Prints promise, trials, failures.
soak: $(READY_TESTS)
	@$(TEST) -m fuzz --hypothesis-profile=soak

lint: $(READY)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --strict --no-error-summary

bench: $(READY)
	@$(BIN)/python benchmarks/bench.py

# Processor time of the whole pipeline, stage by stage, of two revisions in one run: BASE=<revision> beside the
# working tree (ETL_SHARED).
bench-pipeline: $(READY)
	@test -n "$(BASE)" || { echo "Name a revision to compare with: make bench-pipeline BASE=main" >&2; exit 2; }
	@$(BIN)/python benchmarks/bench_pipeline.py "$(BASE)" $(if $(TO),--to "$(TO)")

# PDFs with gold (ETL_SHARED): errors, pages a second, memory; scans of them where the extra `ocr` is installed.
bench-pdf: $(READY)
	@OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench_pages.py --show
	@if $(BIN)/python -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("rapidocr") is None)'; then \
		OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench_scans.py --show || exit 1; fi
	@if command -v chromium >/dev/null; then \
		for kind in "" --down --sheets; do $(BIN)/python benchmarks/bench_browser.py $$kind || exit 1; done; fi

# Cost in ever larger stores and runs; runners, Dask, Prefect's share (tens of minutes).
bench-flat: $(READY)
	@$(BIN)/python benchmarks/bench_flat.py
	@$(BIN)/python benchmarks/bench_flat.py --files 2000 20000
	@$(BIN)/python benchmarks/bench_growth.py

# Processor time that commands take at their start: BASE=<revision> beside the working tree in turn (ETL_SHARED).
bench-start: $(READY)
	@$(BIN)/python benchmarks/bench_start.py $(BASE)

# Commands, bytes and processor time of loading 300 news, beside a bare loop of inserts (ETL_SHARED).
bench-store: $(READY)
	@OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench_store.py

bench-scale: $(READY)
	@$(BIN)/python benchmarks/bench_scale.py

# Names, facts and speed of extraction on the development sets (ETL_SHARED).
bench-extract: $(READY)
	@$(BIN)/python benchmarks/bench_extract.py --errors 12
	@$(BIN)/python benchmarks/recognizers.py
	@$(BIN)/python benchmarks/bench_places.py

# What a change changes in texts, kinds, entities and facts: BASE=<revision> beside the working tree (or
# TO=<revision>) over a fixed sample (ETL_SHARED). DIFF="--part harm --stage text --show 40" asks for more.
corpus-diff: $(READY)
	@test -n "$(BASE)" || { echo "Name a revision to compare with: make corpus-diff BASE=main" >&2; exit 2; }
	@$(BIN)/python benchmarks/corpus_diff.py "$(BASE)" $(if $(TO),--to "$(TO)") $(DIFF)

# Record what each stage makes of samples/; refuses while a stage whose results changed has its former version.
results: $(READY)
	@$(BIN)/python -m tests.results

# The restorer on damaged articles (ETL_SHARED): three seeds with their spread, how far its confidence can be
# believed, the worst failures, growth, memory.
bench-harm: $(READY)
	@OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench_harm.py --show 12
	@OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench_harm.py --written --show 12
	@OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench_broken.py --show 12

bench-repair: $(READY)
	@OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench_repair.py

# Random strings of 10,000 news in both scripts: recall, precision, time of a page, cost of the index (ETL_SHARED).
bench-search: $(READY)
	@OMP_NUM_THREADS=1 $(BIN)/python benchmarks/bench_search.py

# The pages of the reading room over samples/, at 1400 and 400 pixels, in data/screenshots/: to be looked at.
screenshots: $(READY_TESTS)
	@$(BIN)/python benchmarks/screenshots.py

# Numbers that decide over a text and that no test sees; hours for all of it (MUTANTS=etl.repair.furniture).
MUTANTS ?= etl.repair etl.extraction etl.normalize etl.structure
mutants: $(READY)
	@$(BIN)/python benchmarks/mutants.py $(MUTANTS)

# docs/schema.md from the classes that the validators come from.
schema: $(READY)
	@$(BIN)/python -m etl.store.schema.docs > docs/schema.md

# docs/rules.md from the cards of the rules.
rules: $(READY)
	@$(BIN)/python -m etl.rules.reference > docs/rules.md

# Exact versions with hashes and no addresses, of all that `make run` needs and of what tests need beside it; needs
# uv.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-annotate --no-header
lock:
	@$(COMPILE) --extra embedded --extra dask --group dev pyproject.toml --output-file requirements.lock
	@$(COMPILE) --all-extras --group dev --group tests --constraint requirements.lock pyproject.toml \
	  --output-file requirements-tests.lock

$(READY): requirements.lock pyproject.toml
	@python=; \
	for one in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  "$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && python=$$one && break; \
	done; \
	test -n "$$python" || { echo "No Python 3.11 or later here (tried python3, python3.13, 3.12, 3.11); install one, or name it: make run PYTHON=/path/to/python3" >&2; exit 2; }; \
	echo "Installing into .venv with $$("$$python" --version); this is done once and takes some minutes." >&2; \
	rm -f $(READY); \
	{ "$$python" -m venv .venv \
	  && $(BIN)/python -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes -r requirements.lock \
	  && $(BIN)/python -m pip install --disable-pip-version-check --no-input --no-deps --no-build-isolation -e . ; \
	} >.venv.log 2>&1 </dev/null || { tail -n 20 .venv.log >&2; echo "The installation failed; the whole log is in .venv.log" >&2; exit 2; }; \
	mv .venv.log .venv/install.log; \
	touch $(READY)

$(READY_TESTS): $(READY) requirements-tests.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes \
	  -r requirements-tests.lock >.venv/tests.log 2>&1 </dev/null \
	  || { tail -n 20 .venv/tests.log >&2; echo "The installation failed; the whole log is in .venv/tests.log" >&2; exit 2; }
	@touch $(READY_TESTS)
