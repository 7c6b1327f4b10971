# Everything a person or the CI does with the project. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: help run install install-dev test check bench lock lint types messages clean

help:             ## what there is to do
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

$(VENV)/installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: $(VENV)/installed
install-dev: $(VENV)/installed-dev

run: install      ## create the environment, the database and the examples, then serve on http://127.0.0.1:8000
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py load_examples
	@echo "Standards Hub: http://$(HOST):$(PORT)  (Ctrl-C ends it)"
	$(BIN)/granian --interface wsgi --host $(HOST) --port $(PORT) --workers 1 --blocking-threads 4 standards_hub.wsgi:application

test: install-dev ## the whole test suite on SQLite and, where server binaries are found, on PostgreSQL
	$(BIN)/python tests/run.py

check: install-dev ## what the CI runs: lint, format, types, migrations, deployment, messages, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $$(git ls-files '*.html')
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	STANDARDS_HUB_PRODUCTION=1 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		TRAIL_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		ALLOWED_HOSTS=standards.example.gov.cn $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python tests/run.py

bench: install-dev ## measure what docs/performance.md claims and print the tables
	$(BIN)/python -m benchmarks

messages: install-dev ## collect messages into the catalogue and compile it (needs gettext)
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-wrap --no-location --no-obsolete --ignore ".venv/*" --ignore "tests/*" --ignore "benchmarks/*"
	$(BIN)/python manage.py compilemessages --locale zh_Hans

lock: install-dev ## compile the pinned requirements
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean:            ## remove what can be made again
	rm -rf $(VENV) staticfiles .pytest_cache .mypy_cache .ruff_cache .coverage*
