"""Everything an issuer hosts, from its register, as a plain folder for any web server.

```python
publisher = Publisher(register, signer=signer, folder=Path("web"), now=lambda: datetime.now(UTC))
published = publisher.publish()
```

What the web server serves is `web/public`; what stands beside it is the publisher's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testamur._lazy import lazy_names

if TYPE_CHECKING:
    from testamur.publish.publisher import Clock, Publisher
    from testamur.publish.run import Published
    from testamur.publish.schedule import Schedule
    from testamur.publish.site import Site
    from testamur.publish.watching import Wait, watch

__all__ = ["Clock", "Published", "Publisher", "Schedule", "Site", "Wait", "watch"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "testamur.publish.publisher": ("Clock", "Publisher"),
            "testamur.publish.run": ("Published",),
            "testamur.publish.schedule": ("Schedule",),
            "testamur.publish.site": ("Site",),
            "testamur.publish.watching": ("Wait", "watch"),
        },
    )
