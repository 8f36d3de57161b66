"""Answers: replies of intents, knowledge search, generation, grounding."""
