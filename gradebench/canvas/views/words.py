"""What the kinds of a sync are called in front of people: one, and many."""

KINDS = {
    "course": ("course", "courses"),
    "sections": ("section", "sections"),
    "users": ("person", "people"),
    "students": ("student", "students"),
    "enrollments": ("enrollment", "enrollments"),
    "assignments": ("assignment", "assignments"),
    "rubrics": ("rubric", "rubrics"),
    "quizzes": ("quiz", "quizzes"),
    "submissions": ("submission", "submissions"),
    "group_categories": ("group set", "group sets"),
    "groups": ("group", "groups"),
    "memberships": ("group membership", "group memberships"),
    "writes": ("write to Canvas", "writes to Canvas"),
    "operations": ("change", "changes"),
}


def counted(kind: str, count: int) -> str:
    """`1 person`, `3 people`; a kind that is new here is written as it is."""
    one, many = KINDS.get(kind, (kind, kind))
    return f"{count:,} {one if count == 1 else many}"


def heading(kind: str) -> str:
    """`Group sets`."""
    return KINDS.get(kind, (kind, kind.replace("_", " ")))[1].capitalize()
