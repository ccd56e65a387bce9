# `make quick` while working, `make check` before handing over. Every tool is asked
# for as a module of one Python, so that an environment need not be activated.

PYTHON ?= $(if $(wildcard .venv/bin/python),.venv/bin/python,python3)
PYTEST_FLAGS ?= -q

.PHONY: help quick check format lint types test docs-if-installed spelling golden bench docs clean

help:
	@echo "quick   format, lint, types, the tests that are not slow"
	@echo "check   everything that must hold before a change is handed over"
	@echo "golden  the tests that compare with stored results"
	@echo "bench   the benchmarks, one after another"
	@echo "docs    the documentation, into site/"
	@echo "clean   what tools left behind"

quick: format lint types
	$(PYTHON) -m pytest -n auto -m "not slow" $(PYTEST_FLAGS)

# The tests come last, so that their closing line does.
check: format lint types spelling docs-if-installed
	$(PYTHON) -m coverage erase
	$(PYTHON) -m coverage run -m pytest -n auto $(PYTEST_FLAGS)
	$(PYTHON) -m coverage combine --quiet
	$(PYTHON) -m coverage report --skip-covered

format:
	$(PYTHON) -m ruff format --check .

lint:
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

spelling:
	$(PYTHON) -m codespell_lib

docs-if-installed:
	@if $(PYTHON) -c "import material, mkdocstrings" 2>/dev/null; \
	then $(MAKE) --no-print-directory docs PYTHON="$(PYTHON)"; \
	else echo "docs: not built, install the extra 'docs' to build them"; fi

golden:
	$(PYTHON) -m pytest -m golden $(PYTEST_FLAGS)

bench:
	@for question in benchmarks/*.py; do \
	echo "$$question"; $(PYTHON) "$$question" || exit 1; done

docs:
	NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --strict --quiet

clean:
	rm -rf build dist site .coverage .coverage.* htmlcov
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
