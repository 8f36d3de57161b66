"""Knowledge: the admins' articles are read, split into passages, indexed and searched."""

from bot.answering.knowledge.articles import (
    Article,
    ArticleFolder,
    digest,
    knowledge_folder,
    load_articles,
    read_articles,
)
from bot.answering.knowledge.files import paths_within
from bot.answering.knowledge.index import Encoders, KnowledgeIndex
from bot.answering.knowledge.retriever import KnowledgeRetriever
from bot.ports.embedding import Embeds

__all__ = [
    "Article",
    "ArticleFolder",
    "Embeds",
    "Encoders",
    "KnowledgeIndex",
    "KnowledgeRetriever",
    "digest",
    "knowledge_folder",
    "load_articles",
    "paths_within",
    "read_articles",
]
