"""The doors between the rooms point down: who may import whom, and who may reach outside.

Read from the source with `ast`, so that an import inside a function counts as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src/testamur"

FLOOR = {
    "_frozen",
    "_lazy",
    "_once",
    "_shown",
    "_telemetry",
    "errors",
    "limits",
    "protocols",
    "secured",
}
"""What every room stands on."""

DOORS: dict[str, set[str]] = {
    # The floor itself: `secured` holds parsed JSON, whose type is canon's.
    "_environment": {"errors"},
    "_frozen": set(),
    "_lazy": set(),
    "_once": set(),
    "_shown": set(),
    "_telemetry": set(),
    "errors": set(),
    "limits": set(),
    "protocols": {"_frozen", "errors"},
    "canon": {"_frozen", "_lazy", "errors", "limits"},
    "secured": {"_frozen", "canon"},
    # What a credential is, what signs it, what secures it, what is known of it.
    "model": {"canon"},
    "keys": {"canon", "model"},
    "status": {"canon"},
    "trust": {"canon", "keys"},
    "secure": {"canon", "keys", "model"},
    "carry": {"canon", "keys", "model", "secure"},
    "build": {"model", "status"},
    "open_badges_2": {"build", "canon", "carry", "model"},
    # The two lines.
    "loading": {"canon", "carry", "secure"},
    "issuing": {"canon", "keys", "model", "secure"},
    "sealing": {"canon", "keys", "model", "secure"},
    "verification": {"canon", "keys", "loading", "model", "secure", "status", "trust"},
    # Many of what one line out makes, and a sample of it down the line in.
    # What a credential says, held against what somebody expects of it.
    "completeness": {"canon", "model"},
    "batch": {
        "build",
        "canon",
        "carry",
        "issuing",
        "keys",
        "loading",
        "model",
        "secure",
        "status",
        "verification",
    },
    # Files with many learners, as people have them.
    "roster": {"batch", "canon", "carry", "model"},
    # The issuer's book, and the issuer at work with it.
    "register": {"batch", "canon", "keys", "model", "status"},
    "issuer": {
        "batch",
        "build",
        "canon",
        "issuing",
        "keys",
        "loading",
        "model",
        "register",
        "secure",
        "status",
        "verification",
    },
    "webhooks": {"canon", "register"},
    # What the issuer hosts.
    "publish": {
        "batch",
        "canon",
        "carry",
        "completeness",
        "issuing",
        "keys",
        "loading",
        "model",
        "register",
        "secure",
        "status",
    },
    # The edge: `fetch` is handed in as a protocol, so nothing below imports it.
    "fetch": {"canon"},
    "settings": {"_environment", "batch", "issuer", "keys", "register"},
    "demo": {
        "build",
        "canon",
        "carry",
        "fetch",
        "issuer",
        "issuing",
        "keys",
        "loading",
        "model",
        "publish",
        "register",
        "trust",
        "verification",
    },
    "bench": {
        "batch",
        "build",
        "canon",
        "fetch",
        "issuing",
        "keys",
        "model",
        "status",
        "trust",
        "verification",
    },
    "cli": {
        "_environment",
        "batch",
        "bench",
        "build",
        "canon",
        "carry",
        "completeness",
        "demo",
        "fetch",
        "issuer",
        "issuing",
        "keys",
        "loading",
        "model",
        "open_badges_2",
        "publish",
        "register",
        "roster",
        "sealing",
        "secure",
        "settings",
        "status",
        "trust",
        "verification",
        "webhooks",
    },
}
"""Room → the rooms it may import beside itself; the floor is open to all that stand on it."""

EDGE = {"_environment", "bench", "cli", "demo", "fetch", "settings"}
"""Where the outside world is met; everything else is the core."""

NETWORK = {
    "asyncio",
    "ftplib",
    "http",
    "httpcore2",
    "httpx2",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib.request",
    "urllib3",
}


KEY_SERVICES = {
    "boto3": "aws_kms",
    "botocore": "aws_kms",
    "google": "google_kms",
    "hvac": "vault_transit",
    "pkcs11": "pkcs11",
}
"""Libraries that reach a key that is kept elsewhere → the one module of `keys` that may use it."""


def modules(room: str | None = None) -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        if room in (None, room_of(path)):
            yield path


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """The dotted names a module imports; `from x import y` gives `x.y`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    names = {name.split(".")[1] for name in imports(path) if name.startswith("testamur.")}
    return names - {"__version__", room_of(path)}


def called(path: Path) -> Iterator[str]:
    """What a module calls by a plain or a dotted name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


ROOMS = sorted({room_of(path) for path in modules()} - {"__init__"})


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_only_what_its_doors_lead_to(room: str) -> None:
    assert room in DOORS, f"{room} is new: say here which rooms it may import"
    on_the_floor = room in FLOOR or room == "canon"
    allowed = DOORS[room] if on_the_floor else DOORS[room] | FLOOR
    for path in modules(room):
        assert rooms_imported(path) <= allowed, path


def test_doors_lead_nowhere_in_a_circle() -> None:
    assert set(DOORS) == set(ROOMS)
    list(TopologicalSorter(DOORS).static_order())


def test_two_lines_never_import_each_other() -> None:
    for one, other in (("issuing", "verification"), ("verification", "issuing")):
        reached, pending = set[str](), {one}
        while pending:
            room = pending.pop()
            reached.add(room)
            pending |= {each for path in modules(room) for each in rooms_imported(path)} - reached
        assert other not in reached


def test_fetching_enters_the_core_as_a_protocol_alone() -> None:
    for path in modules():
        if room_of(path) not in EDGE:
            assert "fetch" not in rooms_imported(path), path


def test_package_itself_only_names_what_the_rooms_have() -> None:
    # It loads them when they are first used; nothing may be loaded by importing testamur.
    tree = ast.parse((SOURCE / "__init__.py").read_text("utf-8"))
    at_once = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {ast.unparse(node) for node in at_once}
    names.discard("from testamur._lazy import lazy_names")
    assert not any("testamur" in name for name in names)


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "fetch"])
def test_only_fetch_opens_sockets(room: str) -> None:
    for path in modules(room):
        for name in imports(path):
            parts = name.split(".")
            prefixes = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
            assert not prefixes & NETWORK, f"{path} imports {name}"


def test_library_of_a_key_service_is_loaded_by_its_own_module_when_it_is_needed() -> None:
    for path in modules():
        for name in imports(path):
            home = KEY_SERVICES.get(name.partition(".")[0])
            if home is not None:
                assert path == SOURCE / "keys" / f"{home}.py", f"{path} imports {name}"
        tree = ast.parse(path.read_text("utf-8"))
        at_once = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        found = {ast.unparse(node).split()[1].partition(".")[0] for node in at_once}
        assert not found & set(KEY_SERVICES), path


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "cli"])
def test_only_the_command_line_prints_and_exits(room: str) -> None:
    for path in modules(room):
        found = set(called(path)) & {"print", "input", "exit", "quit", "sys.exit", "os._exit"}
        assert not found, path


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in EDGE])
def test_core_asks_neither_the_clock_nor_the_environment(room: str) -> None:
    # Both enter as arguments, so that the same input gives the same output.
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    environment = {"os.getenv", "os.environ.get"}
    for path in modules(room):
        assert not set(called(path)) & (clocks | environment), path


def test_nothing_is_checked_by_assert_or_caught_without_a_name() -> None:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not isinstance(node, ast.Assert), f"{path}:{node.lineno}"
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type is not None else "everything"
                names = {"everything", "Exception", "BaseException"}
                assert caught not in names, f"{path}:{node.lineno}"
