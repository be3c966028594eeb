"""The handsets of a farm: the inventory file, how each is reached, and which can run what."""
