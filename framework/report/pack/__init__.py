"""A run's evidence as one file, from which everything is made anew elsewhere."""
