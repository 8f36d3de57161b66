"""GPT and its stand-ins: clients, prompt, request, budget, checks of the answer."""
