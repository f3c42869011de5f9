"""cli.bundles: a dataclass of options is one parameter of a command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from testamur.cli.bundles import given_names, spread


@dataclass(frozen=True)
class Colours:
    colour: Annotated[str | None, typer.Option("--paint", help="Which.")] = None
    is_bright: bool = False


@dataclass(frozen=True)
class House:
    colours: Colours
    doors: int = 1


def build(name: Annotated[str, typer.Argument()], house: House, floors: int = 2) -> None:
    """Build a house."""
    typer.echo(f"{name} {house} {floors}")


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(spread(build))
    return made


def test_options_of_bundles_in_bundles_are_those_of_the_command(app: typer.Typer) -> None:
    runner = CliRunner()
    result = runner.invoke(app, ["Villa", "--paint", "red", "--doors", "3"])
    house = House(Colours("red", is_bright=False), doors=3)
    assert result.output == f"Villa {house} 2\n"
    result = runner.invoke(app, ["Villa", "--is-bright", "--floors", "1"])
    assert result.output == f"Villa {House(Colours(None, is_bright=True))} 1\n"
    assert "Build a house." in runner.invoke(app, ["--help"]).output


def test_given_options_are_named_as_they_are_written() -> None:
    assert given_names(Colours()) == []
    assert given_names(Colours("red", is_bright=True)) == ["--paint", "--is-bright"]
