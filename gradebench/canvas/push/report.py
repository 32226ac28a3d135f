"""What came of a plan, as a value that is shown, stored and printed."""

import msgspec


class Unmet(msgspec.Struct, frozen=True, kw_only=True):
    """One operation that Canvas does not show after the plan was applied, and why."""

    row: str
    op: str
    text: str
    reason: str
    user_id: int | None = None
    team: int | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a reading of Canvas proved after a plan was applied.

    `applied`, `failed` and `uncertain` count operations. `verified`: Canvas shows all of them.
    `differences`: what others changed in Canvas meanwhile, which stopped the plan or not. `writes`
    counts what was sent to change something, `requests` everything. `plan_id` is None where not even
    a plan could be made.
    """

    plan_id: int | None
    state: str
    summary: str
    applied: int = 0
    failed: int = 0
    uncertain: int = 0
    verified: bool = False
    unmet: tuple[Unmet, ...] = ()
    differences: tuple[str, ...] = ()
    writes: int = 0
    requests: int = 0
