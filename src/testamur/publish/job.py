"""What all runs of a publisher have in common, and whose folder it is."""

from __future__ import annotations

from dataclasses import dataclass

from testamur.canon.strict_json import JsonObject
from testamur.errors import ConfigurationError
from testamur.keys.protocols import Signer
from testamur.publish.folder import Folder
from testamur.publish.pictures import Pictures
from testamur.publish.schedule import Schedule
from testamur.publish.site import Site
from testamur.register import Register

__all__ = ["SITE", "Job", "owner_of", "read_manifest"]

SITE = "site"
"""The part of the manifest that knows of all but pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What all runs of a publisher have in common.

    Attributes:
        register: the issuer's book.
        issuer: the issuer's id.
        signer: holds a key of the issuer.
        site: what the folder stands for.
        schedule: how long status lists hold.
        pictures: draws.
    """

    register: Register
    issuer: str
    signer: Signer
    site: Site
    schedule: Schedule
    pictures: Pictures


def owner_of(job: Job) -> JsonObject:
    """Return whose a folder is, as its manifest says it."""
    return {"register": job.register.id, "issuer": job.issuer, "baseUrl": job.site.base_url}


def read_manifest(job: Job, folder: Folder) -> JsonObject:
    """Return what the manifest says of all that is no page; empty in a new folder.

    Raises:
        ConfigurationError: the folder was published for somebody else.
    """
    manifest = folder.part(SITE)
    for name, value in owner_of(job).items():
        if manifest and manifest.get(name) != value:
            raise ConfigurationError(
                f"{folder.path} was published for another {name}, "
                f"{str(manifest.get(name))[:160]}; choose a folder for each",
                path=str(folder.path),
                expected=str(value),
            )
    return manifest
