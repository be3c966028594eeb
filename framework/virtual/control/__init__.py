"""Looking behind an emulated handset, and putting faults into it: beside the wire, on loopback, with a token."""
