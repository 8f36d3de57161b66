"""Finds what customers mean: an order, its items, another variant, a payment method, an address."""
