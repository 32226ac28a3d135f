# Every target sets up what it needs: python3 and make are enough to begin with.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
# Compiled modules are kept, whatever the machine says: every command starts three times as fast.
export PYTHONDONTWRITEBYTECODE :=
# More workers than cores: much of a test's time is waiting for a Canvas that takes its time.
# In the order of the folders: the files with few and long tests are not left to the end.
PYTEST := $(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder
# Playwright leaves an event loop running in its thread, where Django then refuses the ORM: apart.
BROWSERS := $(BIN)/pytest -n 3 --dist loadfile

.PHONY: help setup demo test test-browser test-slow check fix bench browser postgres styles styles-check

help:
	@echo "make demo          a sandbox Canvas, a course and the web pages, in a minute"
	@echo "make test          the fast suite; a real PostgreSQL and a tour in a real Chromium included"
	@echo "make test-browser  all pages, the board, review and push in a real Chromium"
	@echo "make test-slow     the long forms of the randomised tests"
	@echo "make check         format, lint, types, layers, migrations, templates, styles"
	@echo "make fix           mends what can be mended by a tool"
	@echo "make bench         measures, as ratios against what a user would pick instead"

setup: $(STAMP)

# Some machines carry pythonX.Y shims that fail when run, so an interpreter is tried by running it.
$(STAMP): pyproject.toml uv.lock
	@if ! "$(BIN)/python" -c 'import sys' >/dev/null 2>&1; then \
	  for python in "$$GRADEBENCH_PYTHON" python3 python3.11 python3.12 python3.13 python; do \
	    [ -n "$$python" ] || continue; \
	    if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	      echo "Making $(VENV) with $$python"; "$$python" -m venv --clear $(VENV) || exit 1; break; \
	    fi; \
	  done; \
	fi
	@"$(BIN)/python" -c 'import sys' 2>/dev/null || { \
	  echo "GradeBench needs Python 3.11 or newer with the venv module (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	@[ -x "$(BIN)/uv" ] || "$(BIN)/python" -m pip install --quiet --disable-pip-version-check uv
	"$(BIN)/python" -m uv sync --frozen --quiet --compile-bytecode --python "$(BIN)/python"
	@touch $(STAMP)

demo: setup
	$(BIN)/gradebench demo

browser: setup
	@$(BIN)/python -m tests.browser.chromium

postgres: setup
	@$(BIN)/python -m tests.postgres

test: setup browser postgres
	$(PYTEST) -m "not slow and not browser"
	$(BROWSERS) -m tour

test-browser: setup browser
	$(BROWSERS) -m "browser and not slow"

test-slow: setup postgres
	$(PYTEST) -m slow

check: setup styles-check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings tests.settings
	$(BIN)/djlint gradebench --check --lint --quiet

fix: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	-$(BIN)/djlint gradebench --reformat --quiet

bench: setup browser
	$(BIN)/python -m benchmarks

# Tailwind and daisyUI, from the wheel and from gradebench/styles: no Node, nothing downloaded.
styles: setup
	$(BIN)/tailwindcss --input gradebench/styles/gradebench.css --output gradebench/static/gradebench.css --minify

styles-check: setup
	@$(BIN)/tailwindcss --input gradebench/styles/gradebench.css --output $(VENV)/gradebench.css --minify 2>/dev/null
	@cmp -s $(VENV)/gradebench.css gradebench/static/gradebench.css || { \
	  echo "gradebench/static/gradebench.css is not what its sources say: make styles" >&2; exit 1; }
