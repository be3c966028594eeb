"""Static pages from the templates of this room; every value is escaped, and does nothing to the text around it."""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files
from typing import Any

from framework.report.legible import legible


def render(template: str, **values: Any) -> str:
    return str(_environment().get_template(template).render(**values))


def source(name: str) -> str:
    """A file of the templates' folder as it is."""
    return (files("framework.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Any:
    """Made once: it compiles each template at its first use, or has it from the cache folder."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, __version__

    from framework.report.compiled import compiled_templates

    made = Environment(
        loader=PackageLoader("framework.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_legible,
    )
    options = (__version__, made.autoescape, made.trim_blocks, made.lstrip_blocks)
    made.bytecode_cache = compiled_templates(repr(options))
    return made


def _legible(value: Any) -> Any:
    """Text that a template shows, before it is escaped; what is markup already was made of such text."""
    if value is None or isinstance(value, int | float) or hasattr(value, "__html__"):
        return value
    return legible(str(value))


def data_uri(content: bytes, mime: str) -> str:
    """The content within the page itself: reports strip scripts and move files, but show these.

    Ready for a template: of base64 nothing has to be escaped, and looking through it would cost more than all else.
    """
    from markupsafe import Markup, escape

    return escape(f"data:{mime};base64,") + Markup(base64.b64encode(content).decode("ascii"))  # noqa: S704
