PYTHON ?= python3
PIP := .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE := .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

# When the Python of .venv was removed, .venv has none any more: make it again.
$(shell test -x .venv/bin/python || rm -f .venv/.runtime .venv/.dev)

# What goes on before the bot can say it: in words at a terminal, as a line of JSON like the bot's own elsewhere.
define tell
@if [ -t 2 ]; then echo "$(1)" >&2; else printf '{"at": "%s", "level": "INFO", "name": "cityops.make", "message": "%s"}\n' \
	"$$(date -u +%Y-%m-%dT%H:%M:%S+00:00)" "$(1)" >&2; fi
endef

# Keep compiled tests: compiling takes each worker a quarter of a minute, and each bot that it starts some seconds.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup run test check bench parity year lives doors faults mutants pictures access complexity format lock

help:
	@echo "make setup    make .venv and install the locked dependencies"
	@echo "make run      set up, migrate and start (ARGS=\"--port 9000\"; EMPTY=1 without the invented weeks)"
	@echo "make test     the tests, each scenario on one platform or more (ARGS=\"-k risk\")"
	@echo "make check    format, lint, types, import rules, generated docs, tests"
	@echo "make bench    measure at the size of a large city, against the least the same work costs on this machine: 20 minutes (ARGS=\"--only 'writer held'\")"
	@echo "make parity   write docs/parity.md, what each platform can do, from the tests that pass"
	@echo "make year     a whole year on each platform, and every zone's days: about a quarter of an hour"
	@echo "make lives    200 lives of risks, feedback, duties and accounts, by random steps, on both databases: about ten minutes"
	@echo "make doors    every test, every scenario on each platform, Slack's Socket Mode and PostgreSQL included: about half an hour"
	@echo "make access   who may do what to whose records: all of it, on each platform, and which rights people can give themselves: ten minutes"
	@echo "make faults   crash tests: the bot killed 50 times in the first hour of a crisis and 50 times at any moment, and two bots that write to 2,000 people: four minutes"
	@echo "make mutants  small changes to what safety depends on, each of which a test must notice: 40 minutes, the first time an hour more"
	@echo "make pictures every card on each platform as a picture, in data/pictures"
	@echo "make complexity the functions with the most branches, the worst first"
	@echo "make format   format and fix what can be fixed"
	@echo "make lock     lock the dependencies again (ARGS=--upgrade for newer ones)"

.venv/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "cityops needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(call tell,Installing $(shell grep -c '^[a-z]' requirements.txt) libraries into .venv. This is done once and takes half a minute to two minutes.)
	@test -x .venv/bin/python || $(PYTHON) -m venv --clear .venv
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	$(call tell,Installing the tools for tests into .venv. This is done once and takes half a minute to two minutes.)
	@$(PIP) -r requirements-dev.txt
	@touch $@

setup: .venv/.runtime

run: setup
	@.venv/bin/python -m bot run $(ARGS)

test: .venv/.dev
	.venv/bin/python -m pytest $(ARGS)

check: .venv/.dev
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m bot manual --check
	.venv/bin/python -m pytest $(ARGS)

bench: .venv/.dev
	.venv/bin/python -m benchmarks $(ARGS)

parity: .venv/.dev
	DOORS=all .venv/bin/python -m pytest -m parity --write-parity

format: .venv/.dev
	.venv/bin/ruff format
	.venv/bin/ruff check --fix

lock: .venv/.dev
	$(COMPILE) --output-file requirements.txt $(ARGS)
	$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt $(ARGS)

year: .venv/.dev
	DOORS=all .venv/bin/python -m pytest -n 2 tests/year/whole.py $(ARGS)

lives: .venv/.dev
	DOORS=all LIVES=200 .venv/bin/python -m pytest -n 2 tests/registers tests/duties tests/bot/test_joining.py $(ARGS)

doors: .venv/.dev
	DOORS=$(or $(DOORS),all) .venv/bin/python -m pytest $(ARGS)

access: .venv/.dev
	DOORS=all ACCESS=all .venv/bin/python -m pytest -n 2 $(wildcard tests/access/test_*.py) tests/access/whole.py $(ARGS)

faults: .venv/.dev
	DOORS=all KILLS=50 MANY=2000 .venv/bin/python -m pytest -n 0 tests/scenarios/test_crisis_kill.py tests/scenarios/test_kill.py tests/scenarios/test_many_replicas.py $(ARGS)

mutants: .venv/.dev
	.venv/bin/python -m tests.mutants $(ARGS)

pictures: .venv/.dev
	.venv/bin/python -m tests.pictures $(ARGS)

complexity: .venv/.dev
	.venv/bin/python -m tests.complexity
