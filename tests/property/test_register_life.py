"""The life of credentials in a register against a simple model, in any order of events."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from registers import Office, new_file
from testamur.batch import Learner
from testamur.errors import RegisterError
from testamur.issuer import change_many
from testamur.issuer.changes import RowOutcome
from testamur.register import Action, Standing


@dataclass
class Expected:
    """All that the model knows of a credential."""

    key: str
    content: bytes | None
    standing: Standing = Standing.CURRENT
    superseded_by: str | None = None
    erased: bool = False


class LifeOfCredentials(RuleBasedStateMachine):
    """Issue, withdraw, give back, replace, erase, restore, open again; the model is a dict."""

    credentials = Bundle("credentials")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(f"sqlite:///{new_file(Path(self.folder.name))}")
        self.model: dict[str, Expected] = {}
        self.head = self.office.register.trail.head()

    def teardown(self) -> None:
        self.office.close()
        self.folder.cleanup()

    def known(self, key: str) -> str | None:
        return next((each for each, said in self.model.items() if said.key == key), None)

    @rule(target=credentials, number=st.integers(0, 4))
    def issue(self, number: int) -> str:
        key = f"alone {number}"
        before = self.known(key)
        issued = self.office.issuer.issue(self.office.credential(), key=key)
        assert issued.is_new == (before is None)
        if before is None:
            self.model[issued.id] = Expected(key, issued.content)
        else:
            assert issued.id == before
            assert issued.content == self.model[before].content
        return issued.id

    @rule(target=credentials, rows=st.lists(st.integers(0, 9), min_size=1, max_size=6))
    def issue_many(self, rows: list[int]) -> object:
        learners = [Learner(key=f"row {row}", email=f"p{row}@uni.example") for row in rows]
        found = []
        for issued in self.office.issuer.issue_many(
            self.office.credential(), learners, chunk_rows=3
        ):
            assert issued.key is not None
            before = self.known(issued.key)
            if before is None:
                self.model[issued.id] = Expected(issued.key, issued.content)
            else:
                assert issued.id == before
                assert issued.content == self.model[before].content
            found.append(issued.id)
        assert len(found) == len(rows)
        return multiple(*found)

    @rule(identifier=credentials, action=st.sampled_from(Action))
    def change(self, identifier: str, action: Action) -> None:
        said = self.model[identifier]
        wanted = {
            Action.REVOKE: Standing.REVOKED,
            Action.SUSPEND: Standing.SUSPENDED,
            Action.REINSTATE: Standing.CURRENT,
        }[action]
        try:
            done = self.office.register.credentials.change(identifier, action, reason="so be it")
        except RegisterError:
            assert said.standing is Standing.REVOKED
            assert action is not Action.REVOKE
        else:
            assert (done is None) == (said.standing is wanted)
            said.standing = wanted

    @rule(identifiers=st.lists(credentials, max_size=4), is_dry_run=st.booleans())
    def suspend_many(self, identifiers: list[str], is_dry_run: bool) -> None:
        report = change_many(
            self.office.register, identifiers, Action.SUSPEND, reason="all", is_dry_run=is_dry_run
        )
        refused = [self.model[each].standing is Standing.REVOKED for each in identifiers]
        assert [row.outcome is RowOutcome.REFUSED for row in report.rows] == refused
        assert report.is_done == (not is_dry_run and not any(refused))
        if report.is_done:
            for each in identifiers:
                self.model[each].standing = Standing.SUSPENDED

    @rule(target=credentials, identifier=credentials)
    def replace(self, identifier: str) -> object:
        said = self.model[identifier]
        try:
            issued = self.office.issuer.replace(
                identifier, self.office.credential(narrative="corrected"), reason="a slip"
            )
        except RegisterError:
            assert said.erased or said.superseded_by is not None
            return multiple()
        if said.superseded_by is None:
            self.model[issued.id] = Expected(f"replaces {identifier}", issued.content)
            said.superseded_by, said.standing = issued.id, Standing.REVOKED
        assert issued.id == said.superseded_by
        return issued.id

    @rule(identifier=credentials)
    def erase(self, identifier: str) -> None:
        self.office.register.credentials.erase(identifier, reason="asked for")
        self.model[identifier].erased = True
        self.model[identifier].content = None
        self.model[identifier].key = ""

    @rule()
    def restore(self) -> None:
        self.office.register.lists.begin_anew(self.office.id, reason="restored")

    @rule()
    def open_again(self) -> None:
        self.office.close()
        self.office = Office(self.office.url)

    @rule(hours=st.integers(0, 50))
    def wait(self, hours: int) -> None:
        now = self.office.now
        self.office.advance(hours=hours)
        assert self.office.now >= now

    @invariant()
    def register_says_what_the_model_says(self) -> None:
        register = self.office.register
        records = {record.id: record for record in register.credentials.all()}
        assert set(records) == set(self.model)
        for identifier, said in self.model.items():
            record = records[identifier]
            assert record.standing is said.standing
            assert record.superseded_by == said.superseded_by
            assert register.credentials.content(record) == said.content
        places = [place for record in records.values() for place in record.places]
        assert len(set(places)) == len(places)

    @invariant()
    def lists_say_what_the_model_says(self) -> None:
        register = self.office.register
        bits = {each.url: register.lists.bits(each) for each in register.lists.of(self.office.id)}
        for identifier, said in self.model.items():
            record = register.credentials.find(identifier)
            assert record is not None
            for place in record.places:
                value = bits[place.list_url].get(place.index)
                if place.purpose == "revocation":
                    assert value == (said.standing is Standing.REVOKED)
                elif said.standing is not Standing.REVOKED:
                    assert value == (said.standing is Standing.SUSPENDED)

    @invariant()
    def trail_only_grows(self) -> None:
        self.office.register.trail.check(head=self.head)
        self.head = self.office.register.trail.head()


LifeOfCredentials.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestLifeOfCredentials = LifeOfCredentials.TestCase
