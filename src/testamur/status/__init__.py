"""Status lists: encode and decode only; nothing is fetched here and no proof is checked.

One module per standard (`bitstring_status_list`, `status_list_2021`, `revocation_list_1edtech`),
each with `parse_entry`, `parse_list` and `lookup`.
"""

from testamur.status.bitstring import BitString
from testamur.status.model import Remark, StatusAnswer, StatusEntry, StatusListView

__all__ = ["BitString", "Remark", "StatusAnswer", "StatusEntry", "StatusListView"]
