# The commands of everyday work. `make demo` and `make test` bring what they need.
.PHONY: setup demo test lint doctor

# The tests mostly wait for telephones: one worker more than processors. A file's tests stay with one worker.
WORKERS ?= $(shell echo $$(($$(nproc) + 1)))

setup:
	@scripts/setup

demo: setup
	@.venv/bin/python -m denwa demo

test: setup
	@scripts/test-packages
	@.venv/bin/python -m pytest -W error --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	PATH="$$PWD/.venv/bin:$$PATH" npx --no-install pyright

doctor: setup
	@.venv/bin/python -m denwa doctor
