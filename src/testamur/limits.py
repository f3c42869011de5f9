"""Every bound on untrusted input, in one place, each with its unit.

The bounds are far above what honest credentials need and far below what hurts. Work is bounded
before it is done: a size is checked before it is read, a length before it is decompressed.
"""

from __future__ import annotations

__all__ = [
    "ARRAY_ITEMS",
    "CANONICALIZATION_WORK",
    "CLOCK_SKEW_SECONDS",
    "CONTEXTS",
    "CREDENTIAL_BYTES",
    "DATE_TIME_CHARACTERS",
    "DOCUMENT_VALUES",
    "EMBEDDED_CREDENTIALS",
    "ENDORSEMENTS",
    "FAULTS",
    "FETCHES",
    "FETCH_BYTES",
    "FETCH_SECONDS",
    "IMAGE_BYTES",
    "IMAGE_CHUNKS",
    "JSON_DEPTH",
    "JSON_NUMBER_CHARACTERS",
    "JSON_VALUES",
    "KEY_COMMAND_SECONDS",
    "KEY_SERVICE_SECONDS",
    "MANIFEST_BYTES",
    "PRESENTATION_BYTES",
    "PROOFS",
    "QUADS",
    "REGISTER_LINE_BYTES",
    "ROSTER_COLUMNS",
    "ROSTER_FAULTS",
    "ROSTER_IDENTITIES",
    "ROSTER_LINE_CHARACTERS",
    "SEAL_CERTIFICATES",
    "SEAL_CERTIFICATE_BYTES",
    "SEAL_COMPONENTS",
    "SEAL_HEADER_BYTES",
    "SEAL_SIGNATURES",
    "SEAL_TOKEN_BYTES",
    "SETTINGS_BYTES",
    "STATUS_ENTRIES",
    "STATUS_LISTS",
    "STATUS_LIST_BITS",
    "STATUS_LIST_BYTES",
    "STATUS_LIST_MINIMUM_ENTRIES",
    "STATUS_SIZE_BITS",
    "SVG_MARKUP",
    "TEMPLATES",
    "TEMPLATE_CHARACTERS",
    "URL_CHARACTERS",
    "WORKBOOK_BYTES",
    "WORKBOOK_CELLS",
    "WORKBOOK_CELL_CHARACTERS",
    "WORKBOOK_PARTS",
    "WORKBOOK_PART_BYTES",
    "WORKBOOK_STRINGS",
    "WORKBOOK_STRING_CHARACTERS",
]

CREDENTIAL_BYTES = 4 * 1024 * 1024
"""bytes: one credential as JSON or JWT. Embedded images make some credentials large."""

PRESENTATION_BYTES = 16 * 1024 * 1024
"""bytes: a presentation or wallet file."""

IMAGE_BYTES = 16 * 1024 * 1024
"""bytes: a baked PNG or SVG."""

IMAGE_CHUNKS = 10_000
"""chunks in one PNG."""

SVG_MARKUP = 500_000
"""tags and attributes in one SVG, counted as the characters `<` and `=` before it is parsed."""

JSON_DEPTH = 64
"""levels of nested objects and arrays."""

JSON_VALUES = 200_000
"""commas and opening brackets in one JSON text."""

JSON_NUMBER_CHARACTERS = 64
"""characters in the text of one number."""

DOCUMENT_VALUES = 10_000
"""objects and scalars in one document that is to be canonicalized."""

CONTEXTS = 16
"""contexts named by one document."""

ARRAY_ITEMS = 1_000
"""items in one array of such a document; JSON-LD processors take quadratic time over them."""

DATE_TIME_CHARACTERS = 64
"""characters in one date; the year and the fraction of a second may have any number of digits."""

QUADS = 50_000
"""RDF statements in one document that is to be canonicalized."""

CANONICALIZATION_WORK = 20_000
"""permutations tried and blank nodes visited by Hash N-Degree Quads for one document.

The rdf-canon tests 044 to 046 need fewer than half of these; the poison graph 074 needs millions.
"""

MANIFEST_BYTES = 256 * 1024
"""bytes: the manifest of an exported register."""

REGISTER_LINE_BYTES = 64 * 1024 * 1024
"""bytes: one row of an exported register; a chunk's learners are in one row."""

ROSTER_LINE_CHARACTERS = 1024 * 1024
"""characters in one line of a roster."""

ROSTER_COLUMNS = 1_000
"""columns of a roster."""

ROSTER_FAULTS = 500_000
"""faults of a roster that are named; a dry run stops there."""

ROSTER_IDENTITIES = 2_000_000
"""keys, ids, addresses and names of learners that a dry run remembers, to find those who are there
twice; in longer rosters, some of those will not be found."""

WORKBOOK_PARTS = 1_000
"""files inside one workbook."""

WORKBOOK_BYTES = 512 * 1024 * 1024
"""bytes: one workbook, decompressed; and characters in all cells of a sheet, which may repeat
texts. A sheet is read piece by piece and never held."""

WORKBOOK_PART_BYTES = 16 * 1024 * 1024
"""bytes: any part of a workbook that is neither a sheet nor the list of its texts."""

WORKBOOK_CELLS = 10_000_000
"""cells and rows of one sheet, empty ones counted."""

WORKBOOK_CELL_CHARACTERS = 131_072
"""characters in one cell, as in CSV; spreadsheets have at most 32,767."""

WORKBOOK_STRINGS = 2_000_000
"""different texts in one workbook."""

WORKBOOK_STRING_CHARACTERS = 64 * 1024 * 1024
"""characters in all of them together, which are held."""

PROOFS = 16
"""proofs on one document."""

EMBEDDED_CREDENTIALS = 1_000
"""credentials inside one presentation or collection."""

ENDORSEMENTS = 100
"""endorsements inside one credential, at any depth."""

SEAL_SIGNATURES = 8
"""signatures in one sealed file."""

SEAL_HEADER_BYTES = 256 * 1024
"""bytes: the protected header of a seal, with its certificates and the timestamp of its content."""

SEAL_COMPONENTS = 64
"""unsigned parts (etsiU) of one seal: timestamps, certificates, revocation answers."""

SEAL_CERTIFICATES = 32
"""certificates that come with one seal, from all its places."""

SEAL_CERTIFICATE_BYTES = 16 * 1024
"""bytes: one certificate."""

SEAL_TOKEN_BYTES = 256 * 1024
"""bytes: one timestamp, revocation list or revocation answer inside a seal."""

SETTINGS_BYTES = 1024 * 1024
"""bytes: a configuration."""

STATUS_ENTRIES = 16
"""credentialStatus entries on one credential."""

STATUS_LIST_MINIMUM_ENTRIES = 131_072
"""entries: Bitstring Status List 1.0 asks for at least this many, for the privacy of the herd."""

STATUS_LIST_BITS = 32 * 1024 * 1024
"""bits in a decompressed status list (4 MiB)."""

STATUS_LIST_BYTES = 24 * 1024 * 1024
"""bytes: a status list credential as it is fetched."""

STATUS_LISTS = 1_000
"""status lists that one run remembers; with more, they are fetched again."""

STATUS_SIZE_BITS = 16
"""bits in one status value; each bit doubles the messages that a credential must then list."""

FETCH_BYTES = 4 * 1024 * 1024
"""bytes: any other document that is fetched."""

TEMPLATES = 256
"""credentials that a run remembers, to recognize others that differ in a few strings."""

TEMPLATE_CHARACTERS = 65_536
"""characters in a credential that is remembered so; longer ones are read anew each time."""

FAULTS = 200
"""faults of one document that are named."""

FETCHES = 50
"""fetches for one credential: keys, status lists, a newer version, all of its endorsements'."""

FETCH_SECONDS = 10.0
"""seconds: one fetch from start to end, name look-up and redirects included."""

KEY_SERVICE_SECONDS = 10.0
"""seconds: one request to a key service."""

KEY_COMMAND_SECONDS = 30.0
"""seconds: one signature by another program, which may wait for somebody to touch a key."""

URL_CHARACTERS = 2_048
"""characters in a URL that is to be fetched."""

CLOCK_SKEW_SECONDS = 0
"""seconds by which a date may be off before it counts; a policy may set up to 300."""
