"""Android on the emulated handset: its services, and what its commands print."""
