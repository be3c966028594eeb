"""One file for each service: what `cmd` and `dumpsys` get from it. The registry is `binder.SERVICES`."""
