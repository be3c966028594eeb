"""Scenarios: turns of a conversation, what is expected of them, and the runner that plays them."""
