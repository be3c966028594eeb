"""Speaking with the assistant from the host: questions as sound, the way to its ears and back, error rates."""
