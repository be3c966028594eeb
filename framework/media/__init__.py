"""Sound as numbers: WAV files, synthesis, noise, features and the recognition of a closed list of phrases."""
