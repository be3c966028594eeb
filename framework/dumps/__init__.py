"""What Android's commands print, as records: pure parsers, one file each."""
