"""Allure's pages ask nothing outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.report.html.offline import POLICY, keep_offline, without_analytics, write_index

AS_ALLURE_WRITES_IT = b"""<html><head>
<meta charset="utf-8"></head><body>
<script src="app.js"></script>
    <script async src="https://www.googletagmanager.com/gtag/js?id=G-X"></script>
    <script>
        gtag('config', 'G-X', {"reportUuid": "u"});
    </script>
<script>reportData</script></body></html>"""


def test_analytics_are_taken_out() -> None:
    """Both scripts and no other."""
    content = without_analytics(AS_ALLURE_WRITES_IT)
    assert content.split() == [
        *b'<html><head> <meta charset="utf-8"></head><body> <script src="app.js"></script>'.split(),
        *b"<script>reportData</script></body></html>".split(),
    ]


def test_the_policy_comes_first(tmp_path: Path) -> None:
    """Before anything that could ask."""
    page = tmp_path / "index.html"
    page.write_bytes(AS_ALLURE_WRITES_IT)
    keep_offline(page)
    assert page.read_text().startswith(
        f'<html><head><meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<meta charset'
    )


def test_a_page_of_another_kind(tmp_path: Path) -> None:
    """Is not passed on as one that was made safe."""
    page = tmp_path / "index.html"
    page.write_bytes(b"no page")
    with pytest.raises(ValueError, match="not found"):
        keep_offline(page)


def test_the_index(tmp_path: Path) -> None:
    """It opens the first page, names all, and a title stays text."""
    write_index(tmp_path, "<b>& 1", {"awesome": "awesome/index.html", "classic": "classic/index.html"})
    text = (tmp_path / "index.html").read_text()
    assert 'content="0; url=awesome/index.html"' in text
    assert '<a href="awesome/index.html">awesome</a> · <a href="classic/index.html">classic</a>' in text
    assert "<title>&lt;b&gt;&amp; 1</title>" in text
