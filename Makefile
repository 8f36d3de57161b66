# `make chat` and `make test` do all the set-up themselves; `make install` only installs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: chat test install install-test lint types unit clean

chat: install
	@$(BIN)/frontdesk train --if-changed
	@$(BIN)/frontdesk chat

install: .venv/.installed
install-test: .venv/.installed-test

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train]'
	@touch $@

.venv/.installed-test: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train,test]'
	@touch $@ .venv/.installed

test: install-test lint types unit

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types:
	$(BIN)/mypy

unit:
	$(BIN)/pytest -n 2

clean:
	rm -rf .venv .frontdesk
