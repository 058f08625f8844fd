# The commands of everyday work. `make demo` and `make test` bring what they need.
.PHONY: setup demo test lint doctor

# The tests mostly wait for telephones: one worker more than processors. A file's tests stay with one worker. Their folder
# has a short name: below it lie Unix sockets, whose path has 107 characters at most.
WORKERS ?= $(shell echo $$(($$(nproc) + 1)))

setup:
	@scripts/setup

demo: setup
	@.venv/bin/python -m denwa demo

test: setup
	@scripts/test-packages
	@base=$$(mktemp -d "$${TMPDIR:-/tmp}/t.XXXXXX"); \
	.venv/bin/python -m pytest -W error --basetemp "$$base/t" --numprocesses $(WORKERS) --dist loadfile \
	  --no-loadscope-reorder $(ARGS); status=$$?; rm -rf "$$base"; exit $$status

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	PATH="$$PWD/.venv/bin:$$PATH" npx --no-install pyright

doctor: setup
	@.venv/bin/python -m denwa doctor
