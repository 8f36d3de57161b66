"""Selection: a language model chooses sentences of the articles, which are shown word for word."""
