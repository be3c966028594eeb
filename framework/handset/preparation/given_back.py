"""The handset's own script that gives back what a run has changed, and the file that it reads.

Each line of the file says how one thing is given back: `put NAMESPACE KEY VALUE`, `delete NAMESPACE KEY`, `dnd WORD`
or `key KEYCODE`. It is data and never run as a script.
"""

from __future__ import annotations

import re
import shlex

FOLDER = "/data/local/tmp/pocketfarm"
FOUND = f"{FOLDER}/found"

KEPT = "KEPT"
"""The first word of a line about something that the handset would not take back."""

SIMPLE = re.compile(r"[\w.+-]{1,64}")
"""Values that the file can hold; all that are written by the table are such."""

GIVE_BACK = f"""found={FOUND}
give_back() {{
  [ -r $found ] || return 0
  settings get global zen_mode >/dev/null 2>&1 </dev/null || return 1
  while read -r act where key value; do
    case $act in
      put) said=$(settings put "$where" "$key" "$value" 2>&1 </dev/null) ;;
      delete) said=$(settings delete "$where" "$key" 2>&1 </dev/null) ;;
      dnd) said=$(cmd notification set_dnd "$where" 2>&1 </dev/null) ;;
      key) said=$(input keyevent "$where" 2>&1 </dev/null) ;;
      *) continue ;;
    esac || echo {KEPT} $act $where $key $value: $said
  done <$found
  rm -f $found
}}
"""
"""A function for mksh, and where the note is, which stays while Android is not up to take anything back. `$said` is not
quoted: what was printed comes in one line."""


def note(lines: list[str]) -> str:
    """A script for the same shell that writes the file, whole or not at all; it fails where it cannot."""
    words = " ".join(shlex.quote(line) for line in lines)
    return f"printf '%s\\n' {words} >$found.part && {{ fsync $found.part 2>/dev/null; mv -f $found.part $found; }}"
