"""Small courses for tests, told with people: a teacher, her Canvas, her students."""

from dataclasses import dataclass
from itertools import count

from django.contrib.auth.models import User

from gradebench.canvas.models import (
    CanvasCourse,
    CanvasEnrollment,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasGroupMembership,
    CanvasIntegration,
    CanvasUser,
)

_ids = count(9_007_199_254_740_993)  # beyond what a double can hold


def teacher(name: str = "lovelace") -> User:
    """Somebody who may sign in."""
    return User.objects.get_or_create(username=name)[0]


def integration(user: User | None = None, **values: object) -> CanvasIntegration:
    """A teacher's connection to a Canvas that nobody calls."""
    values = {"canvas_url": "https://canvas.test", "api_key": "secret-token", **values}
    return CanvasIntegration.objects.create(user=user or teacher(), **values)


def course(name: str = "Software Engineering", **values: object) -> CanvasCourse:
    """A course on such a Canvas."""
    values = {"integration": values.pop("integration", None) or integration(), **values}
    return CanvasCourse.objects.create(canvas_id=next(_ids), name=name, **values)


def person(course: CanvasCourse, name: str) -> CanvasUser:
    """A student of the course."""
    user = CanvasUser.objects.create(
        integration=course.integration, canvas_id=next(_ids), name=name, sortable_name=name
    )
    CanvasEnrollment.objects.create(
        course=course,
        canvas_id=next(_ids),
        user=user,
        type="StudentEnrollment",
        enrollment_state="active",
    )
    return user


@dataclass
class GroupSet:
    """A set with its groups by name, as Canvas has it."""

    category: CanvasGroupCategory
    groups: dict[str, CanvasGroup]

    def put(self, user: CanvasUser, group: str | None) -> None:
        """Somebody in Canvas puts the person into the group, and out of the others."""
        rows = CanvasGroupMembership.objects.filter(group__category=self.category, user=user)
        rows.delete()
        if group is not None:
            CanvasGroupMembership.objects.create(
                course=self.category.course, group=self.groups[group], user=user
            )


def group_set(course: CanvasCourse, *groups: str, name: str = "Projects") -> GroupSet:
    """A group set of the course."""
    category = CanvasGroupCategory.objects.create(course=course, canvas_id=next(_ids), name=name)
    rows = {
        one: CanvasGroup.objects.create(
            course=course, category=category, canvas_id=next(_ids), name=one
        )
        for one in groups
    }
    return GroupSet(category, rows)
