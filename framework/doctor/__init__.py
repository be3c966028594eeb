"""The doctor: what is wrong with this machine and with each handset, and what to do; what a handset prints, recorded.

Judges are pure: they see what was found out (`Machine`, `Answers`), never the machine or a handset, so that recorded
bundles are judged as handsets are.
"""
