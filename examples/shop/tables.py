"""The tables of the example shop."""

from __future__ import annotations

TABLES = """
CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL,
    address TEXT NOT NULL, country TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS products (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, words TEXT NOT NULL, category TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS variants (
    sku TEXT PRIMARY KEY, product TEXT NOT NULL REFERENCES products (id),
    color TEXT NOT NULL, size TEXT NOT NULL, price TEXT NOT NULL, stock INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
    number TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers (id),
    status TEXT NOT NULL, placed TEXT NOT NULL, eta TEXT NOT NULL, late INTEGER NOT NULL,
    delivered TEXT NOT NULL, carrier TEXT NOT NULL, tracking TEXT NOT NULL, total TEXT NOT NULL,
    address TEXT NOT NULL, note TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS items (
    number TEXT NOT NULL REFERENCES orders (number), sku TEXT NOT NULL, product TEXT NOT NULL,
    category TEXT NOT NULL, name TEXT NOT NULL, options TEXT NOT NULL, words TEXT NOT NULL,
    quantity INTEGER NOT NULL, price TEXT NOT NULL, state TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (number, sku));
CREATE TABLE IF NOT EXISTS returns (
    number TEXT PRIMARY KEY, order_number TEXT NOT NULL REFERENCES orders (number),
    kind TEXT NOT NULL, items TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL,
    refund TEXT NOT NULL, paid_by TEXT NOT NULL, expected TEXT NOT NULL, label_cost TEXT NOT NULL,
    label_key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS claims (
    number TEXT PRIMARY KEY, order_number TEXT NOT NULL REFERENCES orders (number),
    sku TEXT NOT NULL, fault TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS link_codes (
    code TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers (id),
    expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT, customer TEXT NOT NULL REFERENCES customers (id),
    address TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, code TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS writes (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL);
"""
"""`writes` has the answers by idempotency key; it is written in the transaction of the change."""
