"""The far side of the wire: a whole emulated handset in pure Python."""
