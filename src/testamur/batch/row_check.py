"""Whether rows can be issued to, without issuing: all that is checked but what signing adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from testamur.batch.award import Award
from testamur.batch.derived import row_secrets
from testamur.batch.learner import Learner
from testamur.batch.strings import Shape, own_paths, own_strings
from testamur.batch.template import Plan
from testamur.canon import fast_path
from testamur.errors import ModelError
from testamur.issuing import Mechanism
from testamur.model.ob3 import AchievementCredential
from testamur.model.ob3.issue_check import VaryingAtIssue
from testamur.model.ob3.varying import VaryingMembers

__all__ = ["RowCheck"]

_KEPT = 64
_Accepts = Callable[[Sequence[str]], bool]


class RowCheck:
    """Checks one learner's row after the other.

    Of a learner who is like one that was checked before, only the strings that differ are.

    Args:
        award: what is the same for all.
    """

    def __init__(self, award: Award) -> None:
        self._award = award
        self._plans: dict[Shape, Plan] = {}
        self._accepts: dict[tuple[Shape, tuple[str, ...]], _Accepts] = {}

    def check(self, learner: Learner, position: int) -> None:
        """Check that the award can be issued to a learner.

        Args:
            learner: the row.
            position: of the row in its roster, from 0.

        Raises:
            ModelError: what the learner has breaks the standard, or `check_for_issue` objects.
        """
        if not self._is_like_another(learner, position):
            credential = self._award.credential(learner, position)
            if fast_path.enabled():
                self._keep(credential, learner, position)

    def _is_like_another(self, learner: Learner, position: int) -> bool:
        if not self._plans or not fast_path.enabled():
            return False
        try:
            shape, strings = self._strings(learner, position)
        except ModelError:  # `Award.credential` will say it
            return False
        plan = self._plans.get(shape)
        if plan is None:
            return False
        accepts = self._accepts.get((shape, plan.pick_others(strings)))
        return accepts is not None and accepts(plan.pick_slots(strings))

    def _keep(self, credential: AchievementCredential, learner: Learner, position: int) -> None:
        shape, strings = self._strings(learner, position)
        plan = self._plans.get(shape)
        document = credential.to_json()
        if plan is None:
            paths = own_paths(learner, self._award.places(position))
            plan = Plan(paths, document, Mechanism.EDDSA_RDFC_2022)
        members = VaryingMembers(document, plan.members.paths)
        if members.paths != plan.members.paths:
            return
        rules = VaryingAtIssue(credential, members.paths).rules
        self._plans[shape] = plan
        self._accepts[(shape, plan.pick_others(strings))] = lambda values: (
            members.accepts(values) and all(rule(values[slot]) for slot, rule in rules)
        )
        while len(self._plans) > _KEPT:
            del self._plans[next(iter(self._plans))]
        while len(self._accepts) > _KEPT:
            del self._accepts[next(iter(self._accepts))]

    def _strings(self, learner: Learner, position: int) -> tuple[Shape, list[str]]:
        secrets = row_secrets(self._award.secret, position)
        return own_strings(learner, secrets, self._award.places(position))
