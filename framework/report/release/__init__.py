"""The release page: what a build does on every handset, against the one before, with the evidence a click away."""
