"""Reports: observers that turn the records of a run into files for people."""
