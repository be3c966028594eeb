"""Which handset takes which test, and when: pure, shared by the xdist scheduler, `farm plan` and the benchmark."""
