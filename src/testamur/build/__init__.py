"""Builders for issuers: plain arguments in, credentials of Open Badges 3.0 out, ready to be signed.

```python
issuer = build.profile(id="did:web:uni.example", name="Example University")
badge = build.achievement(
    id="https://uni.example/achievements/teamwork",
    name="Teamwork",
    description="Works well in a team.",
    criteria="Nominated by peers.",
    achievement_type=AchievementType.MICRO_CREDENTIAL,
    alignments=[build.eqf_level(6)],
)
credential = build.credential(
    issuer,
    badge,
    recipient=build.recipient_by_email("ada@uni.example"),
    valid_from=datetime(2026, 6, 1, tzinfo=UTC),
)
```

The functions are pure: clock, ids and salts are arguments, the latter two with random defaults.
"""

from testamur.build.achievements import achievement
from testamur.build.alignments import (
    alignment,
    ctdl,
    digcomp,
    eqf_level,
    esco_skill,
    isced_f,
    onet,
)
from testamur.build.credentials import credential, endorsement
from testamur.build.europass import europass
from testamur.build.identifiers import mint_id
from testamur.build.open_badges import open_badge
from testamur.build.profiles import evidence, image, profile
from testamur.build.recipients import (
    Recipient,
    recipient_by_email,
    recipient_by_id,
    recipient_by_name,
)
from testamur.build.results import result, result_description, rubric_level
from testamur.build.statuses import status_entry

__all__ = [
    "Recipient",
    "achievement",
    "alignment",
    "credential",
    "ctdl",
    "digcomp",
    "endorsement",
    "eqf_level",
    "esco_skill",
    "europass",
    "evidence",
    "image",
    "isced_f",
    "mint_id",
    "onet",
    "open_badge",
    "profile",
    "recipient_by_email",
    "recipient_by_id",
    "recipient_by_name",
    "result",
    "result_description",
    "rubric_level",
    "status_entry",
]
