"""What the rooms share: records, errors, capability protocols and the strict reading of files."""
