"""The ways to measure a turn's latencies, one file each; every estimate carries a bound that holds the truth.

| method | what it reads | ttft_ms, first_text_ms | tpot_ms |
|---|---|---|---|
| events | boot times in the build's own event lines | as the build says | tokens are counted by their `n` |
| log | the times of log lines | the line's delay, and the wall clock's steps | where the lines number the tokens |
| frames | hwui's and the compositor's frames | one vsync | where the log numbers the tokens |
| screen | the text on the screen, polled | interval of polling | where the log numbers the tokens |
"""

from framework.trace.methods.glass import read_frames
from framework.trace.methods.measure import Clocks, measure, placed
from framework.trace.methods.screen import held_back_ns

__all__ = ["Clocks", "held_back_ns", "measure", "placed", "read_frames"]
