"""Which Allure is taken, on machines with this or that: with stand-ins for its programs, and Node.js and npm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.scripts import script

from framework.contract.errors import UsageError
from framework.report.html import finding
from framework.report.html.finding import MEND_2, PINNED, Allure, expected, find_allure

NPM = """mkdir -p node_modules/allure
echo '{"version": "3.18.0"}' >node_modules/allure/package.json"""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with only what a test puts there, an empty cache folder, no Node.js of pip's."""
    monkeypatch.delenv(PINNED.variable, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "bin").mkdir()
    for tool in ("mkdir", "sh"):
        (tmp_path / "bin" / tool).symlink_to(f"/bin/{tool}")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("framework.tools.node.find_spec", lambda _: None)
    return tmp_path


def put(host: Path, name: str, text: str) -> Path:
    return script(host / "bin" / name, text)


def with_node(host: Path, version: str = "v20.19.0") -> Path:
    return put(host, "node", f'[ "$1" = --version ] && echo {version}; exit 0')


def test_the_pinned_one(host: Path) -> None:
    """npm brings it, once; Allure itself has run before it counts as installed."""
    node, told = with_node(host), list[str]()
    put(host, "npm", NPM)
    found = find_allure(tell=told.append)
    assert found == Allure("3.18.0", (str(node), str(PINNED.home / "node_modules/allure/cli.js")))
    assert find_allure(3, told.append) == found
    assert [line.split()[0] for line in told] == ["installing", "installed"]


def test_it_is_taken_before_one_of_the_path(host: Path) -> None:
    """Reports look the same on every machine that can have the pinned one."""
    with_node(host)
    put(host, "npm", NPM)
    put(host, "allure", "echo 2.46.1")
    assert find_allure().version == "3.18.0"


@pytest.mark.parametrize("version", ["2.46.1", "3.17.0"])
def test_that_of_the_path(host: Path, version: str) -> None:
    """Where there is no Node.js for ours, an `allure` of the PATH makes the report, old or new."""
    program = put(host, "allure", f"echo {version}")
    assert find_allure() == Allure(version, (str(program),))


def test_no_network(host: Path) -> None:
    """Where npm reaches no registry, too."""
    with_node(host)
    put(host, "npm", "echo 'npm error code ENOTFOUND'; exit 1")
    program = put(host, "allure", "echo 2.46.1")
    assert find_allure() == Allure("2.46.1", (str(program),))


def test_allure_2_and_no_other(host: Path) -> None:
    """`--allure2` takes that of the PATH, and says so where that is another one."""
    with_node(host)
    program = put(host, "allure", "echo 2.46.1")
    assert find_allure(2) == Allure("2.46.1", (str(program),))
    put(host, "allure", "echo 3.18.0")
    with pytest.raises(UsageError, match=r"allure is Allure 3\.18\.0, not Allure 2: put Allure 2"):
        find_allure(2)


def test_nothing(host: Path) -> None:
    """Every way is named with what it needs."""
    with pytest.raises(UsageError) as caught:
        find_allure()
    first, second = str(caught.value).splitlines()
    assert first.startswith("Allure 3 needs Node.js, and none that does was found: install Node.js (20.19 or")
    assert first.endswith("or let pip bring it: pip install 'pocketfarm[report]'")
    assert second == f"nor is an allure in the PATH: {MEND_2}"


def test_a_node_that_is_too_old(host: Path) -> None:
    """It is named with its version."""
    with_node(host, "v18.20.4")
    with pytest.raises(UsageError, match=r"node is 18\.20\.4; it needs \^20\.19"):
        find_allure(3)


def test_node_without_npm_or_network(host: Path) -> None:
    """What npm said, how to see whether the registry answers, and the way around."""
    with_node(host)
    with pytest.raises(UsageError, match="installing Allure needs npm"):
        find_allure(3)
    put(host, "npm", "echo 'npm error code ENOTFOUND'; exit 1")
    with pytest.raises(UsageError, match=r"ENOTFOUND\. Is the npm registry reachable \(npm ping\)\?.*ALLURE_HOME"):
        find_allure(3)


def test_allure_2_without_java(host: Path) -> None:
    """Its own words are told."""
    put(host, "allure", "echo 'ERROR: JAVA_HOME is not set'; exit 1")
    with pytest.raises(UsageError, match=r"allure does not run \(ERROR: JAVA_HOME is not set\): put Allure 2"):
        find_allure(2)


def test_one_that_is_given(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names an installation: that one, or an error with the variable's name, and no other."""
    node = with_node(host)
    put(host, "allure", "echo 2.46.1")
    monkeypatch.setenv(PINNED.variable, str(host / "mine"))
    with pytest.raises(UsageError, match=rf"{PINNED.variable}: .*mine has no allure under node_modules: npm install"):
        find_allure()
    package = host / "mine" / "node_modules" / "allure" / "package.json"
    package.parent.mkdir(parents=True)
    package.write_text('{"version": "3.14.2"}')
    assert find_allure() == Allure("3.14.2", (str(node), str(package.with_name("cli.js"))))


def test_what_is_expected(host: Path) -> None:
    """For `farm doctor`: the same ways, and nothing is installed to find out."""
    made_by, complaint = expected()
    assert (made_by, complaint.partition(",")[0]) == ("", "Allure 3 needs Node.js")
    put(host, "allure", "echo 2.46.1")
    assert expected() == ("Allure 2.46.1", "")
    with_node(host)
    assert expected() == ("Allure 2.46.1", "")
    put(host, "npm", NPM)
    assert expected() == ("Allure 3, which the first `farm report` installs (52 MB, by npm)", "")
    assert not (host / "cache").exists()
    find_allure()
    assert expected() == ("Allure 3.18.0", "")


def test_the_lock_names_no_registry() -> None:
    """Every package has a hash, none an address: npm knows the registry of this machine."""
    folder = Path(finding.__file__).parent
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    named = {name: entry for name, entry in packages.items() if name}
    assert [name for name, entry in named.items() if "resolved" in entry or "integrity" not in entry] == []
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    assert {name: named[f"node_modules/{name}"]["version"] for name in wanted} == wanted == {"allure": "3.18.0"}
