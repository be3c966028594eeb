"""The `farm` command's sub-commands, one file each; `cli.py` lists them."""
