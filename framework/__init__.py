"""Pocketfarm: a device farm for assistants that live in a pocket."""
