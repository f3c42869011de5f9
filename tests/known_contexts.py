"""Allow-lists of contexts for tests, beside the bundled one.

The documents in `tests/contexts` are citizenship/v4rc1, out of the package
@digitalbazaar/citizenship-context 4.1.0 (BSD-3-Clause), and examples/v2, which is only a `@vocab`:
with it every undefined term is defined, so it is for tests alone.
"""

from __future__ import annotations

from pathlib import Path

from testamur.canon.contexts import Contexts, UnsafeInlineContexts
from testamur.canon.strict_json import JsonObject, parse_object

__all__ = ["EXAMPLES", "EXAMPLES_V2", "INLINE"]

EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
_CITIZENSHIP = "https://w3id.org/citizenship/v4rc1"
_FOLDER = Path(__file__).parent / "contexts"


def _read(name: str) -> JsonObject:
    return parse_object((_FOLDER / name).read_bytes())


EXAMPLES = Contexts.bundled().with_documents(
    {
        EXAMPLES_V2: _read("credentials-examples-v2.json"),
        _CITIZENSHIP: _read("citizenship-v4rc1.json"),
    }
)
"""The bundled contexts, and those of the examples in the W3C's specifications."""

INLINE = UnsafeInlineContexts({url: EXAMPLES.document(url) for url in EXAMPLES.urls})
"""The same, and contexts that are written inside the document."""
