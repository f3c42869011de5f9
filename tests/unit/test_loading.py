"""Any carrier → Secured: the exact bytes kept, nothing verified, everything bounded."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V2
from testamur.canon.strict_json import JsonFloat, dumps
from testamur.carry import badge_png, badge_svg, bake_png, bake_svg
from testamur.carry.png import EXTRACTED_KEYWORDS  # type: ignore[attr-defined]
from testamur.errors import Code, InputError, ParseError
from testamur.loading import load, load_embedded, read_file
from testamur.secured import Carrier, Secured, Securing
from unit.scenes import badge, credential, issued, signed, token
