# Every target sets up what it needs; `make` alone lists them.
WINDOWS := $(filter Windows_NT,$(OS))
PYTHON ?= $(if $(WINDOWS),python,python3)
KIND := dev
VENV := .venv$(if $(filter oldest,$(KIND)),-oldest)
PY := $(VENV)/$(if $(WINDOWS),Scripts/python.exe,bin/python)
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
PYTEST := $(PY) -m pytest -n 2 --dist loadscope
READER := @$(PYTHON) tools/env.py lab
DEV := @$(PYTHON) tools/env.py $(KIND)

.PHONY: help lab test test-oldest test-oracle test-browser coverage chapters book pdf epub live bench lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):  *## \(.*\)/\1:\2/p' Makefile | awk -F: '{ printf "make %-13s %s\n", $$1, $$2 }'

lab:  ## open the book in JupyterLab  (ARGS="--no-browser --port 9999")
	$(READER)
	@$(PY) tools/open_lab.py $(ARGS)

# One thread each: two workers on two cores are six times faster than two that fight for them.
test test-oracle test-browser coverage chapters book pdf epub: export OMP_NUM_THREADS = 1
test test-oracle test-browser coverage chapters book pdf epub: export OPENBLAS_NUM_THREADS = 1
test-browser pdf bench: export CHROMIUM := $(CHROMIUM)

test:  ## prove it, tests and every number in every chapter
	$(DEV)
	$(PYTEST) -p tests.convlib.alone tests/convlib $(ARGS)
	@# a third worker computes while the others wait for a kernel or a sandbox
	$(PYTEST) -n 3 --ignore=tests/convlib --ignore=tests/oracle --ignore=tests/site/browser \
		--nbval -p tests.chapters.sliders tests chapters $(ARGS)

test-oldest:  ## the same with the oldest packages that pyproject.toml allows
	@$(MAKE) test KIND=oldest

test-oracle:  ## compare with PyTorch
	$(DEV)
	@$(PYTHON) tools/env.py need torch
	$(PYTEST) -m oracle tests/oracle $(ARGS)

test-browser:  ## read the built site and move the sliders of a real JupyterLab
	$(DEV)
	@$(PYTHON) tools/env.py need chromium
	$(PY) site/build/build_book.py
	$(PY) -m pytest -n 2 --dist worksteal -m browser tests/site/browser $(ARGS)

coverage:  ## fail where the tests of convlib and course run too few of their lines
	$(DEV)
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest -q -n 2 --dist loadscope tests/convlib tests/course \
		tests/figures/test_ask.py tests/figures/test_widget_scripts.py $(ARGS)
	$(PY) -m coverage combine -q
	$(PY) -m coverage report
	$(PY) tools/coverage_floor.py

chapters:  ## run the notebooks and store their outputs  (CHAPTER=03 for one)
	$(DEV)
	$(PY) tools/run_chapters.py $(if $(CHAPTER),--chapter $(CHAPTER)) $(ARGS)

book:  ## build the site in _build
	$(DEV)
	$(PY) site/build/build_book.py $(ARGS)

pdf:  ## print the whole book into _build/the-flipped-kernel.pdf
	$(DEV)
	@$(PYTHON) tools/env.py need chromium
	$(PY) site/build/build_book.py
	$(PY) site/pdf/print_pdf.py $(ARGS)

epub:  ## bind the whole book as _build/the-flipped-kernel.epub
	$(DEV)
	$(PY) site/build/build_book.py
	$(PY) site/epub/build_epub.py $(ARGS)

live:  ## build the proofs for the browser, in _build/live  (WHEELS=folder for the whole book)
	$(DEV)
	$(PY) site/live/build_live.py $(if $(WHEELS),--wheels "$(WHEELS)") $(ARGS)

bench:  ## measure against peers and print one page  (some 15 minutes; be the only one at work)
	$(DEV)
	@$(PYTHON) tools/env.py need torch
	@$(PYTHON) tools/env.py need chromium
	$(PY) site/build/build_book.py
	$(PY) benchmarks/page.py $(ARGS)

lock:  ## pin the packages of pyproject.toml again  (ARGS=--upgrade)
	@$(PYTHON) tools/env.py lock $(ARGS)

clean:  ## remove everything that was made, .venv too
	rm -rf .venv .venv-oldest _build node_modules site/live/node_modules build *.egg-info .pytest_cache .ruff_cache .hypothesis .coverage*
	find . -name __pycache__ -prune -exec rm -rf {} +
