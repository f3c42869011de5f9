"""A PostgreSQL server of one's own, which may be stopped and started."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["OwnServer", "own_server"]


class OwnServer:
    """A server.

    Attributes:
        url: of its database.
    """

    def __init__(self, programs: Path, data: Path, port: int, user: str | None) -> None:
        self._programs = programs
        self._data = data
        self._port = port
        self._user = user
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, "-D", self._data, *arguments],
            check=True,
            user=self._user,
            cwd=self._data.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -k ''"
        self.run("pg_ctl", "-w", "-l", str(self._data / "log"), "-o", options, "start")

    def crash(self) -> None:
        """Stop it at once, as a power failure does; it recovers when it starts."""
        self.run("pg_ctl", "-w", "-m", "immediate", "stop")


@contextmanager
def own_server(folder: Path) -> Iterator[OwnServer]:
    """Make a server in a folder, or skip the test where its programs are not installed."""
    found = shutil.which("initdb") or next(
        iter(sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), reverse=True)), None
    )
    if found is None:
        pytest.skip("the programs of a PostgreSQL server are not installed")
    user = None
    if os.getuid() == 0:  # it refuses to run as root
        try:
            user = pwd.getpwnam("postgres").pw_name
        except KeyError:
            pytest.skip("a PostgreSQL server does not run as root, and there is no user postgres")
        for each in (folder, *folder.parents):
            if each.stat().st_mode & 0o005 != 0o005 and each.is_relative_to("/tmp"):  # noqa: S108
                each.chmod(0o755)
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = OwnServer(Path(found).parent, folder / "data", port, user)
    server.run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8")
    server.start()
    try:
        yield server
    finally:
        server.run("pg_ctl", "-m", "immediate", "stop")
