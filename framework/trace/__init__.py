"""Recording a handset while it is spoken to: probes, the on-device sampler, clocks, and the trace on disk."""
