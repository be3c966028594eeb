"""Pure judgement: from what was measured to verdicts."""
