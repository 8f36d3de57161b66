"""Adapters translate platform events into messages and replies into posts; they decide nothing."""
