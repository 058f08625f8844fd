# The commands of everyday work. `make demo` and `make test` bring what they need.
.PHONY: setup demo test lint doctor

setup:
	@scripts/setup

demo: setup
	@.venv/bin/python -m denwa demo

test: setup
	@scripts/test-packages
	@.venv/bin/python -m pytest -W error $(ARGS)

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	PATH="$$PWD/.venv/bin:$$PATH" npx --no-install pyright

doctor: setup
	@.venv/bin/python -m denwa doctor
