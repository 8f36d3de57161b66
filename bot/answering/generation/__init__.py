"""Answer generation: model clients, prompt, request, budget, checks of the answer."""
