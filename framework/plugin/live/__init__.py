"""What a run does now, for whoever watches it: a table at a terminal, lines elsewhere."""
