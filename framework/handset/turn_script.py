"""What a handset runs for a lease: a script for mksh that waits in the queue, holds the lock and gives all back.

A heartbeat is what a dead holder may cost others, from its last sign of life until the handset is free, so each share
of it is spent on something: a beat is sent every sixth of it; for CERTAIN of it the holder knows after a beat that it
has the handset; after WATCHED of it without a beat, whether the line is cut or silent, the handset is given back and
is free, which takes what is left.
"""

from __future__ import annotations

import json
import shlex

from framework.handset import marks
from framework.handset.holder import LOCK
from framework.handset.preparation import FOLDER, GIVE_BACK
from framework.handset.process import this_process

BEATS_A_TIME_OUT = 6
CERTAIN = 0.45
"""How long a holder is certain after a beat that was answered, in heartbeats: so much less than the handset waits for
the next that a clock which runs unevenly, as that of an emulator on a busy machine, makes no two holders.
"""
WATCHED = 0.75
"""How long the handset waits for the next beat, in heartbeats: what is left is for giving it back."""
TURN = 0.2
"""How long it waits for who has its turn, in heartbeats; each that is frozen then costs those behind it so much."""
_NAPS = 40

QUEUE = f"{FOLDER}/queue"
YIELD = f"{FOLDER}/yield"
"""Holds the number of the lease that is to end although its connection has."""

# mksh hides descriptors above 2 from the programs it starts, hence `9>&9`.
SCRIPT = f"""{GIVE_BACK}{marks.LOOK}
waits() {{
  [ -n "$told" ] || echo WAIT
  told=yes
}}
draw() {{
  flock 7 7>&7
  [ -r {QUEUE}/last ] && read -r number <{QUEUE}/last
  number=$((number + 1))
  echo $number >{QUEUE}/last.new && mv -f {QUEUE}/last.new {QUEUE}/last || return 1
  exec 8>>{QUEUE}/$number && flock -n 8 8>&8
}}
pass() {{
  flock -n 7 7>&7 || {{ waits; flock 7 7>&7 || exit 1; }}
  rm -f $before
}}
queue() {{
  {{ draw || exit 1; }} 7>>{QUEUE}/draw
  for before in {QUEUE}/[0-9]*; do
    [ "${{before##*/}}" -ge $number ] || {{ pass; }} 7>>$before
  done
}}
tick() {{
  read -r up rest </proc/uptime
  ticks=$((${{up%.*}} * 100 + 1${{up#*.}} - 100))
}}
linger() {{
  while tick; [ $((ticks - beaten)) -lt $watched ]; do
    [ -r {YIELD} ] && read -r dead <{YIELD} && [ "$dead" = "$counter" ] && return
    sleep "$nap"
  done
  dead=
}}
answered() {{
  IFS= read -r -t "$1" answer || {{ echo MISSED; exit 1; }}
}}
told= number=0 dead=
mkdir -p {QUEUE} || exit 1
look; echo LOOK; answered "$patience"
[ "$answer" = pass ] || queue
while :; do
  {LOCK}
  flock -n 9 9>&9 || {{ waits; flock 9 9>&9 || exit 1; }}
  look; echo LOOK; answered "$turn"
  [ "$answer" = go ] && break
  flock -u 9 9>&9
  answered "$patience"
done
trap '' HUP PIPE
give_back || {{ echo "it cannot be given back yet what the run before has changed: is it still booting?"; exit 1; }}
counter=0
[ -r {FOLDER}/counter ] && read -r counter <{FOLDER}/counter
counter=$((counter + 1))
echo $counter >{FOLDER}/counter.new && mv -f {FOLDER}/counter.new {FOLDER}/counter || {{
  rm -f {FOLDER}/counter.new
  exit 1
}}
printf '{{"who":%s,"why":%s,"since_wall_s":%s,"counter":%s,"process":%s}}\\n' \\
  "$who" "$why" "$(date +%s)" "$counter" "$process" >{FOLDER}/holder
echo "HELD $counter $number"
script=
while :; do
  tick; beaten=$ticks
  IFS= read -r -t "$patience" line
  case $? in
    0) ;;
    1) give_back; linger; break ;;
    *) break ;;
  esac
  case $line in
    end) break ;;
    run) eval "$script" </dev/null; echo "RAN"; script= ;;
    +*) script="$script${{line#+}}
" ;;
    *) echo "$line" ;;
  esac
done
give_back
rm -f {FOLDER}/holder {YIELD} {QUEUE}/$number
flock -u 9 9>&9
[ -z "$dead" ] || sleep "$pause"
"""
"""The last pause: who holds it again need not draw a number, and is before those who wait for ours.

A tick is a hundredth of a second of the clock that counts on while the handset sleeps.
"""


def script(who: str, why: str, heartbeat_s: float) -> str:
    """With who it is for, and a heartbeat in seconds of the handset."""
    values = {
        "who": json.dumps(who),
        "why": json.dumps(why),
        "process": json.dumps(this_process()),
        "turn": f"{heartbeat_s * TURN:.3f}",
        "patience": f"{heartbeat_s * WATCHED:.3f}",
        "watched": f"{heartbeat_s * WATCHED * 100:.0f}",
        "nap": f"{heartbeat_s * WATCHED / _NAPS:.4f}",
        "pause": f"{heartbeat_s / BEATS_A_TIME_OUT / 4:.4f}",
    }
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items()) + SCRIPT
