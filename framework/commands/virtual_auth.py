"""`farm virtual auth`: which computers may debug a virtual handset (devices.yaml: `auth: ask`)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from framework.commands.virtual_control import NAME_HELP, control_of
from framework.contract.errors import UsageError

EXAMPLES = """examples:
  farm virtual auth fold                 who asks to be let in, and who is remembered
  farm virtual auth fold accept          "Allow", with "Always allow from this computer"
  farm virtual auth fold accept --once   "Allow", for this connection
  farm virtual auth fold deny            "Cancel"
  farm virtual auth fold revoke          "Revoke USB debugging authorizations"
"""

DONE = {"accept": "accepted", "deny": "denied"}


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    auth = actions.add_parser(
        "auth",
        help="let a computer debug a virtual handset, or not",
        description='Answer the dialog "Allow USB debugging?" of a virtual handset with `auth: ask`.',
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    auth.add_argument("name", metavar="NAME", help=NAME_HELP)
    auth.add_argument(
        "answer", nargs="?", choices=("accept", "deny", "revoke"), help="default: show who asks and who is remembered"
    )
    auth.add_argument("--key", metavar="FINGERPRINT", help="whose request (default: that of who waits longest)")
    auth.add_argument("--once", action="store_true", help="accept without remembering the key")
    auth.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    answers = args.answer in ("accept", "deny")
    if (args.once and args.answer != "accept") or (args.key is not None and not answers):
        raise UsageError("--once goes with accept, --key with accept or deny")
    control = control_of(args.name)
    if answers:
        key = control.answer(allow=args.answer == "accept", always=not args.once, fingerprint=args.key)
        print(json.dumps(key) if args.json else f"{DONE[args.answer]} {_computer(key)}")
        return 0
    if args.answer == "revoke":
        control.revoke()
    told = control.auth()
    print(json.dumps(told, ensure_ascii=False) if args.json else "\n".join(_lines(told)))
    return 0


def _lines(told: dict[str, Any]) -> Sequence[str]:
    lines = [f"auth       {told['policy']}"]
    for kind in ("asking", "remembered"):
        lines += [f"{kind:<10} {_computer(key)}" for key in told[kind]] or [f"{kind:<10} nobody"]
    return lines


def _computer(key: dict[str, str]) -> str:
    return f"{key['name'] or 'a computer without a name'}  {key['fingerprint']}"
