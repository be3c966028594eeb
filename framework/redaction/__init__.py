"""What identifies handsets and people, and what is secret: found in text, and taken out of it."""
