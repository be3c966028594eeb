"""Makes the files of the compact build: the assistant and a 1.3-billion-parameter model in Q8_0.

    python suites/builds/compact/generate.py [--out DIR]

Both are emulated demonstrations (see framework/formats/demonstration.py), the same bytes on every machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from framework.formats.demonstration import Demonstration
from framework.formats.scaled_model import ScaledModel

COMPACT = Demonstration(
    label="Pocketfarm Assistant",
    version_code=1,
    version_name="1.0.0",
    model=ScaledModel(
        name="Compact 1.3B",
        size_label="1.3B",
        layers=24,
        width=2048,
        feed_forward=6144,
        heads=16,
        kv_heads=4,
        vocabulary=64000,
        context=4096,
        scale=Fraction(3, 32),
    ),
)


def generate(folder: Path) -> Mapping[Path, str]:
    """Write the build's files into `folder`; gives the sha256 of each."""
    return COMPACT.write(folder / "assistant.apk", folder / "compact-1.3b-q8_0.gguf")


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the files of the compact build.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "out", help="folder to write to")
    for path, sha256 in generate(parser.parse_args().out).items():
        print(f"{sha256}  {path}")


if __name__ == "__main__":
    main()
