# Each target's line of help is the comment behind its name: `make` alone prints them.
.DEFAULT_GOAL := help
BIN := .venv/bin
STAMP := .venv/.installed
LOCKED := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --universal \
	--python-version 3.11 pyproject.toml --all-extras --group dev --output-file requirements.lock

# The tests start many processes of ours: each module is compiled once for all, also where images say it should not be.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install run demo test check quick format lint types imports docs bench soak mutation lock

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP) ## create .venv from the locked, hashed requirements (once per lock)

$(STAMP): requirements.lock pyproject.toml .ci/install
	@.ci/install
	@touch $@

run: $(STAMP) ## start everything on this machine and print the one address to open
	@$(BIN)/introbroker run

demo: $(STAMP) ## watch one introduction play all its roles by itself, in under two minutes
	@$(BIN)/introbroker demo

test: check ## what CI runs: everything `check` does, with the browser installed where it may be

check: $(STAMP) ## format, lint, types, imports, tests (docs in step among them)
	@.ci/browser
	@.ci/check $(ARGS)

# Each test once, in one of its variants, on SQLite, unless tests/support/run/costly.txt says that it costs more than 0.15 seconds of a
# processor: tests/support/run/quick_set.py holds the rule. All the rest is left to `make test`.
quick: $(STAMP) ## something of every room, within a minute: after each edit; ARGS=tests/models narrows it
	$(BIN)/pytest -q -n 2 --quick $(ARGS)

format: $(STAMP) ## put the code into its standard form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(STAMP) ## ruff: form and faults
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

imports: $(STAMP) ## who may import whom
	$(BIN)/lint-imports

docs: $(STAMP) ## write the generated pages of docs/ again, in minutes; ARGS=tests/docs/test_architecture.py writes one
	$(BIN)/pytest -q -n0 -m docs --write-docs $(or $(ARGS),$(shell grep -rl --include="test_*.py" "pytest.mark.docs" tests))

bench: $(STAMP) ## measure what the product promises about speed
	$(BIN)/python -m benchmarks

soak: $(STAMP) ## the long tests: kill -9 at random moments, thirty rounds
	$(BIN)/pytest -m soak --timeout=3600 $(ARGS)

mutation: $(STAMP) ## does a test notice each small fault put into the core, disclosure and the links? ARGS=models/record/warmth.py takes one file
	@$(BIN)/python -m tests.mutation $(ARGS)

lock: $(STAMP) ## resolve the requirements again, with hashes and without addresses
	$(BIN)/$(LOCKED)
	@! grep -nE 'https?://|file://' requirements.lock
