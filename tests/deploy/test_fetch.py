"""The files of a build on the host."""

from __future__ import annotations

import hashlib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from framework.contract.errors import HandsetError, UsageError
from framework.deploy import fetch
from framework.deploy.fetch import cache_folder, obtain

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeBuild

WRONG = "0" * 64


def test_local_files_are_found_beside_the_build(make_build: MakeBuild, tmp_path: Path) -> None:
    """Paths are relative to build.yaml."""
    files = obtain(make_build())
    assert (files.apk, files.weights) == (tmp_path / "tiny.apk", (tmp_path / "tiny.gguf",))


def test_a_wrong_hash_names_the_file_and_both_hashes(make_build: MakeBuild) -> None:
    """What was expected, what is there, and where it is written."""
    build = make_build(apk={"file": "tiny.apk", "sha256": WRONG})
    actual = make_build().spec.apk.sha256
    build.file.write_text(build.file.read_text().replace(actual, WRONG))
    with pytest.raises(UsageError, match=f"apk.sha256: tiny.apk has sha256 {actual}, expected {WRONG}"):
        obtain(build)


def test_a_missing_file_is_named(make_build: MakeBuild) -> None:
    """With the key of build.yaml that names it."""
    build = make_build()
    (build.file.parent / "tiny.gguf").unlink()
    with pytest.raises(UsageError, match=r"weights\[0\]\.file: tiny\.gguf: no such file"):
        obtain(build)


# -- generating ----------------------------------------------------------------------------------------------------


def script(path: Path, text: str) -> None:
    path.write_text(f"from pathlib import Path\nhere = Path(__file__).parent\n{text}\n")


def test_missing_and_stale_files_are_generated(make_build: MakeBuild, tmp_path: Path) -> None:
    """A file that is not there, or is of an older version, is made again; a right one is left alone."""
    build = make_build(generate="make.py")
    weights, saved = tmp_path / "tiny.gguf", tmp_path / "saved"
    script(tmp_path / "make.py", "(here / 'saved').rename(here / 'tiny.gguf')")
    weights.rename(saved)
    assert obtain(build).weights == (weights,)
    weights.rename(saved)
    weights.write_bytes(b"stale")
    assert obtain(build).weights == (weights,)
    obtain(build)  # nothing to do: without `saved` the script would fail


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("raise SystemExit('no disk')", "generate: make.py ended with exit code 1: no disk"),
        ("raise SystemExit(3)", "generate: make.py ended with exit code 3: it printed nothing"),
        ("(here / 'tiny.gguf').write_bytes(b'other')", r"weights\[0\]\.sha256: tiny\.gguf has sha256"),
    ],
)
def test_a_generator_that_fails_is_a_usage_error(make_build: MakeBuild, tmp_path: Path, text: str, what: str) -> None:
    """Its last words are told; what it made is checked like any other file."""
    build = make_build(generate="make.py")
    (tmp_path / "tiny.gguf").unlink()
    script(tmp_path / "make.py", text)
    with pytest.raises(UsageError, match=what):
        obtain(build)


def test_a_generator_that_hangs_is_ended(
    make_build: MakeBuild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At its deadline."""
    monkeypatch.setattr(fetch, "GENERATE_TIMEOUT_S", 0.5)
    build = make_build(generate="make.py")
    (tmp_path / "tiny.gguf").unlink()
    script(tmp_path / "make.py", "import threading; threading.Event().wait()")
    with pytest.raises(UsageError, match=r"make\.py did not end within"):
        obtain(build)


# -- downloading ---------------------------------------------------------------------------------------------------


class Web(ThreadingHTTPServer):
    """An https server on loopback: path → (status, headers, body)."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []

    def url(self, path: str) -> str:
        return f"https://127.0.0.1:{self.server_address[1]}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is its own affair."""


class Handler(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, headers, body = self.server.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    times = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2074, 1, 1, tzinfo=UTC))
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, *times).add_extension(address, critical=False)
    authority = x509.BasicConstraints(ca=True, path_length=None)
    signed = builder.add_extension(authority, critical=True).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("web") / "certificate.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + signed.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def web(certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Web]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with served(Web(context)) as server:
        yield server


@contextmanager
def served(server: Web) -> Iterator[Web]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def weights(web: Web, content: bytes, path: str = "/w.bin") -> list[dict[str, str]]:
    return [{"url": web.url(path), "sha256": hashlib.sha256(content).hexdigest(), "to": "/data/local/tmp/w.bin"}]


def test_a_url_is_fetched_once_and_kept_by_its_hash(make_build: MakeBuild, web: Web) -> None:
    """The second time the cache answers; a damaged copy there is fetched again."""
    content = bytes(3 << 20)
    web.pages["/w.bin"] = (200, {}, content)
    build = make_build(weights=weights(web, content))
    (path,) = obtain(build).weights
    assert path == cache_folder() / hashlib.sha256(content).hexdigest()
    assert obtain(build).weights == (path,)
    assert web.asked == ["/w.bin"]
    path.write_bytes(b"damaged")
    assert obtain(build).weights[0].read_bytes() == content
    assert web.asked == ["/w.bin"] * 2
    assert [each.name for each in cache_folder().iterdir()] == [path.name]


def test_wrong_content_of_a_url_is_refused_and_not_kept(make_build: MakeBuild, web: Web) -> None:
    """A wrong hash is a fault of build.yaml (or of the server), never a file in the cache."""
    web.pages["/w.bin"] = (200, {}, b"something else")
    with pytest.raises(UsageError, match=r"weights\[0\]\.sha256: https://.*/w\.bin has sha256"):
        obtain(make_build(weights=weights(web, b"right")))
    assert list(cache_folder().iterdir()) == []


def test_what_the_server_lacks_is_a_usage_error(make_build: MakeBuild, web: Web) -> None:
    """404: the URL in build.yaml is wrong."""
    with pytest.raises(UsageError, match=r"weights\[0\]\.url: .*/w\.bin answered 404"):
        obtain(make_build(weights=weights(web, b"right")))


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [(503, {}, b""), (200, {"Content-Length": "100"}, b"short"), (302, {"Location": "/w.bin"}, b"")],
)
def test_a_failing_network_is_the_labs(
    make_build: MakeBuild, web: Web, status: int, headers: dict[str, str], body: bytes
) -> None:
    """A broken server, a broken connection, a redirection without end: HandsetError, with where to put the file."""
    web.pages["/w.bin"] = (status, headers, body)
    with pytest.raises(HandsetError, match=r"cannot be fetched.*put the file at"):
        obtain(make_build(weights=weights(web, b"right")))


def test_a_server_that_nobody_vouches_for_is_not_trusted(
    make_build: MakeBuild, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Certificates are verified."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(HandsetError, match="SSLError"):
        obtain(make_build(weights=weights(web, b"right")))


def test_a_download_ends_at_its_deadline(make_build: MakeBuild, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly the bytes drip."""
    monkeypatch.setattr(fetch, "DOWNLOAD_TIMEOUT_S", -1.0)
    web.pages["/w.bin"] = (200, {}, b"right")
    with pytest.raises(HandsetError, match="was not fetched in"):
        obtain(make_build(weights=weights(web, b"right")))
