"""For fixtures of this repository's own suites; those of the farm (`assistant`, `handset`) come with its plugin."""
