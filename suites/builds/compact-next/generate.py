"""Makes the files of the release candidate that follows the compact build: it is slower, and leaks.

    python suites/builds/compact-next/generate.py [--out DIR]

Six more layers make each token a fifth slower and take 0.3 GB more; and this version keeps the 64 000 logits of every
token of its replies, 250 KiB of f32. Both are emulated demonstrations (see framework/formats/demonstration.py), the
same bytes on every machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from framework.formats.demonstration import Demonstration
from framework.formats.scaled_model import ScaledModel

NEXT = Demonstration(
    label="Pocketfarm Assistant",
    version_code=2,
    version_name="1.1.0-rc1",
    model=ScaledModel(
        name="Compact 1.6B",
        size_label="1.6B",
        layers=30,
        width=2048,
        feed_forward=6144,
        heads=16,
        kv_heads=4,
        vocabulary=64000,
        context=4096,
        scale=Fraction(3, 32),
    ),
    retained_kb_per_token=64000 * 4 // 1024,
)


def generate(folder: Path) -> Mapping[Path, str]:
    """Write the build's files into `folder`; gives the sha256 of each."""
    return NEXT.write(folder / "assistant.apk", folder / "compact-1.6b-q8_0.gguf")


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the files of the compact build's release candidate.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "out", help="folder to write to")
    for path, sha256 in generate(parser.parse_args().out).items():
        print(f"{sha256}  {path}")


if __name__ == "__main__":
    main()
