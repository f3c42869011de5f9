from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from testamur.errors import InputError, SigningKeyError
from testamur.keys import pem
from testamur.keys.key_file import KeyFileWarning, exposure, read_private_key
from unit.scenes import KEY

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "issuer.pem"
    path.write_bytes(pem.encode_private_key(KEY, password=b"secret"))
    path.chmod(0o600)
    return path


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_file_of_its_owner_alone_is_read_without_a_word(path: Path, mode: int) -> None:
    path.chmod(mode)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_private_key(path, password=b"secret") == KEY
    assert exposure(path) is None


@POSIX
@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (0o640, "read by the users of its group"),
        (0o660, "changed by the users of its group"),
        (0o604, "read by every user"),
        (0o644, r"read by every user of this machine \(its mode is 0644\)"),
        (0o666, "changed by every user"),
    ],
)
def test_file_that_others_can_get_at_is_read_with_a_warning(
    path: Path, mode: int, words: str
) -> None:
    path.chmod(mode)
    with pytest.warns(KeyFileWarning, match=words) as caught:
        assert read_private_key(path, password=b"secret") == KEY
    assert f"chmod 600 {path}" in str(caught[0].message)
    assert caught[0].filename == __file__


def test_file_that_is_not_there_or_no_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_private_key(tmp_path / "missing.pem")
    (tmp_path / "text.pem").write_text("no key")
    (tmp_path / "text.pem").chmod(0o600)
    with pytest.raises(SigningKeyError):
        read_private_key(tmp_path / "text.pem")
    assert exposure(tmp_path / "missing.pem") is None
