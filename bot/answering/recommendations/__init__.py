"""Recommends products: from what a customer writes to products that fit, with reasons."""
