"""Markup of documentation generators: removed from Markdown, with unchanged line numbers.

Docusaurus, MkDocs, Hugo, Jekyll, GitBook, Obsidian and their like add to Markdown what only they
can render: components, admonitions, shortcodes, attribute lists. Customers get its text.
"""

from bot.answering.knowledge.markup.links import settle_links
from bot.answering.knowledge.markup.plain import plain

__all__ = ["plain", "settle_links"]
