"""Pages that Allure has made, so that they stay on this machine: nothing outside is asked, nobody is told.

Allure 3's awesome interface names Google Analytics in every page, and has no option against it (3.18: `analyticsEnable:
true` in plugin-awesome/dist/generators.js); the classic one and Allure 2 obey ALLURE_NO_ANALYTICS. Beyond that a
policy in each page forbids every outside address, whatever a reply, a log or a file name may have brought into it.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

POLICY = "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; object-src 'none'; form-action 'none'"
"""Content-Security-Policy: links that a person clicks still work."""
_META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'.encode()
_HEAD = b"<head>"
_ANALYTICS, _END = b'<script async src="https://www.googletagmanager.com/', b"</script>"

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="0; url={first}">
<title>{title}</title>
</head>
<body>
<p>{title}: {links}</p>
</body>
</html>
"""


def keep_offline(page: Path) -> None:
    """Rewrite one of Allure's pages; ValueError where it is not as Allure writes them."""
    content = without_analytics(page.read_bytes())
    at = content.index(_HEAD) + len(_HEAD)
    page.write_bytes(content[:at] + _META + content[at:])


def without_analytics(content: bytes) -> bytes:
    """Without the script that loads Google Analytics and the one after it, which calls it."""
    at = content.find(_ANALYTICS)
    if at < 0:
        return content
    end = content.index(_END, content.index(_END, at) + len(_END)) + len(_END)
    return content[:at] + content[end:]


def write_index(folder: Path, title: str, pages: dict[str, str]) -> None:
    """`index.html`, which opens the first of the pages (name → address below the folder), and names them all."""
    links = " · ".join(f'<a href="{escape(address)}">{escape(name)}</a>' for name, address in pages.items())
    first = next(iter(pages.values()))
    text = INDEX.format(first=escape(first), title=escape(title), links=links)
    (folder / "index.html").write_text(text, encoding="utf-8")
