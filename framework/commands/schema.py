"""`farm schema`: JSON Schema of the files, for editors."""

from __future__ import annotations

import argparse
import json

DESCRIPTION = """Print the JSON Schema (2020-12) of one kind of file, so that editors complete and check it."""
EXAMPLES = """examples:
  farm schema scenario > scenario.schema.json

  then, as the first line of a scenario (VS Code's YAML extension and others read it):
  # yaml-language-server: $schema=scenario.schema.json
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "schema",
        help="JSON Schema of devices.yaml, build.yaml or scenarios, for editors",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", choices=("devices", "build", "scenario"))
    parser.add_argument("--json", action="store_true", help="the schema is always JSON; accepted for uniformity")


def run(args: argparse.Namespace) -> int:
    from framework.contract.schema import json_schema

    print(json.dumps(json_schema(args.kind), ensure_ascii=False, indent=2))
    return 0
