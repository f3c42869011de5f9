"""What each model accepts, by the name of its class; where two share one, by module and name.

Members that a table does not name may be anything, unless it is closed.
"""

from __future__ import annotations

from testamur.model._accepted import Object
from testamur.model._tables.ob3 import OB3
from testamur.model._tables.vcdm import VCDM

__all__ = ["CLASSES"]

CLASSES: dict[str, Object] = {**VCDM, **OB3}
