"""An emulated handset with faults."""
