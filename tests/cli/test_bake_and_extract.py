"""`testamur bake` and `extract`: into a picture, and out of it again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cli.example_issuer import NOW, Issuer, Run, sign
from testamur.carry import badge_png, badge_svg


@pytest.fixture(params=["png", "svg"])
def picture(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    draw = badge_png if request.param == "png" else badge_svg
    path = tmp_path / f"picture.{request.param}"
    path.write_bytes(draw("Teamwork", issuer="Example University"))
    return path


def test_baked_credential_verifies_and_comes_out_again(
    run: Run, issuer: Issuer, signed: Path, picture: Path, tmp_path: Path
) -> None:
    baked, out = tmp_path / f"baked{picture.suffix}", tmp_path / "out.json"
    assert run("bake", signed, "--image", picture, "--out", baked).exit_code == 0
    assert run("verify", baked, "--trust", issuer.trust, "--now", NOW).exit_code == 0
    assert run("extract", baked, "--out", out).exit_code == 0
    assert run("verify", out, "--trust", issuer.trust, "--now", NOW).exit_code == 0
    piped = run("extract", baked)
    assert (piped.exit_code, piped.stdout_bytes, piped.stderr) == (0, out.read_bytes(), "")


def test_jwt_comes_out_byte_for_byte(
    run: Run, issuer: Issuer, unsigned: Path, picture: Path, tmp_path: Path
) -> None:
    token, baked = tmp_path / "signed.jwt", tmp_path / f"baked{picture.suffix}"
    sign(run, issuer, unsigned, token, "--suite", "vc-jwt")
    run("bake", "-", "--image", picture, "--out", baked, input=token.read_bytes())
    assert run("extract", "-", input=baked.read_bytes()).stdout_bytes == token.read_bytes()


def test_baking_again_replaces_the_credential(
    run: Run, issuer: Issuer, signed: Path, unsigned: Path, picture: Path, tmp_path: Path
) -> None:
    token, baked, again = tmp_path / "t.jwt", tmp_path / "baked", tmp_path / "again"
    sign(run, issuer, unsigned, token, "--suite", "vc-jwt")
    run("bake", signed, "--image", picture, "--out", baked)
    run("bake", token, "--image", baked, "--out", again)
    assert run("extract", again).stdout_bytes == token.read_bytes()


def test_an_unsigned_credential_is_not_baked(
    run: Run, unsigned: Path, picture: Path, tmp_path: Path
) -> None:
    result = run("bake", unsigned, "--image", picture, "--out", tmp_path / "baked")
    assert result.exit_code == 3
    assert "no proof" in result.stderr
    assert not (tmp_path / "baked").exists()


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<svg", b"<html/>"])
def test_pictures_that_cannot_be_read_are_refused(
    run: Run, signed: Path, tmp_path: Path, content: bytes
) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(content)
    baking = run("bake", signed, "--image", picture, "--out", tmp_path / "baked")
    assert baking.exit_code == 3
    assert not (tmp_path / "baked").exists()
    extracting = run("extract", picture, "--out", tmp_path / "out")
    assert extracting.exit_code == 3
    assert not (tmp_path / "out").exists()


def test_a_picture_without_a_credential_says_so(run: Run, picture: Path) -> None:
    result = run("extract", picture)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert str(picture) in result.stderr


def test_extracting_from_a_credential_itself_is_refused(run: Run, signed: Path) -> None:
    result = run("extract", signed)
    assert result.exit_code == 3
    assert "no picture" in result.stderr


def test_existing_files_are_overwritten_only_with_force(
    run: Run, signed: Path, picture: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.write_text("precious", encoding="utf-8")
    assert run("bake", signed, "--image", picture, "--out", out).exit_code == 3
    assert out.read_text(encoding="utf-8") == "precious"
    assert run("bake", signed, "--image", picture, "--out", out, "--force").exit_code == 0
    assert run("extract", out, "--out", signed).exit_code == 3
    assert run("extract", out, "--out", signed, "--force").exit_code == 0


def test_an_ambiguous_picture_is_noted(run: Run, signed: Path, tmp_path: Path) -> None:
    credential = signed.read_text(encoding="utf-8")
    element = (
        '<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0">'
        f"<![CDATA[{credential}]]></o:credential>"
    )
    picture = tmp_path / "two.svg"
    picture.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg">{element}{element}</svg>', encoding="utf-8"
    )
    result = run("extract", picture)
    assert result.exit_code == 0
    assert result.stdout_bytes == signed.read_bytes()
    assert "more than one credential" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX terminal")
def test_a_terminal_sees_dangerous_characters_as_json_escapes(tmp_path: Path) -> None:
    credential = '{"type":"VerifiableCredential","name":"a\u202eb\u009b2J"}'
    picture = tmp_path / "hostile.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0">'
        f"<o:credential><![CDATA[{credential}]]></o:credential></svg>",
        encoding="utf-8",
    )
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", "testamur.cli", "extract", str(picture)])  # noqa: S606
    shown = b""
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:
            break
        if not read:
            break
        shown += read
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    text = shown.decode("utf-8")
    assert "\u202e" not in text
    assert "\x9b" not in text
    assert r"a\u202eb\u009b2J" in text


# The first bytes: JFIF 1.02, GIF89a, RFC 9649 (WebP), ISO 32000-2.
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a JPEG picture"),
        (b"GIF89a\1\0\1\0", "a GIF picture"),
        (b"RIFF\x0a\0\0\0WEBPVP8 ", "a WebP picture"),
        (b"%PDF-2.0\n", "a PDF document"),
    ],
)
def test_picture_of_another_format_is_named_and_refused(
    run: Run, signed: Path, tmp_path: Path, content: bytes, what: str
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(content)
    result = run("bake", signed, "--image", photo, "--out", tmp_path / "baked.png")
    assert result.exit_code == 3
    assert f"{photo} is {what}" in result.stderr
    assert "use a PNG or SVG" in result.stderr
    assert not (tmp_path / "baked.png").exists()


def test_output_whose_suffix_does_not_fit_the_picture_is_refused(
    run: Run, signed: Path, picture: Path, tmp_path: Path
) -> None:
    for suffix in {".png", ".svg", ".JPG"} - {picture.suffix}:
        out = tmp_path / f"baked{suffix}"
        result = run("bake", signed, "--image", picture, "--out", out)
        assert result.exit_code == 3
        assert f"write --out {tmp_path / 'baked'}{picture.suffix}" in result.stderr
        assert not out.exists()
