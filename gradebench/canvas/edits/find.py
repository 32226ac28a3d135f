"""The rows that an edit is about, by Canvas's ids; read from Canvas where they are not known yet."""

from django.utils import timezone

from gradebench.canvas import teams
from gradebench.canvas.api import payloads
from gradebench.canvas.api.endpoints import get_course, get_group, get_group_category
from gradebench.canvas.api.payloads import known
from gradebench.canvas.edits.refusals import GroupGone, SetGone
from gradebench.canvas.edits.talk import Talk, say
from gradebench.canvas.mirror.saving import save_courses, save_group_categories, save_groups
from gradebench.canvas.models import (
    CanvasCourse,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasIntegration,
)


def find_course(integration: CanvasIntegration, course_id: int) -> Talk[CanvasCourse]:
    """The course's row. Raises NotFound, NotPermitted."""
    known_row = CanvasCourse.objects.filter(integration=integration, canvas_id=course_id).first()
    if known_row is not None:
        return known_row
    answer = yield from say(get_course(course_id))
    save_courses(integration, [answer])
    return CanvasCourse.objects.get(integration=integration, canvas_id=course_id)


def find_set(integration: CanvasIntegration, category_id: int) -> Talk[CanvasGroupCategory]:
    """The set's row with its course. Raises SetGone, NotPermitted."""
    rows = CanvasGroupCategory.objects.filter(
        course__integration=integration, canvas_id=category_id
    ).select_related("course__integration", "team_set")
    known_row = rows.first()
    if known_row is not None:
        return known_row
    answer = yield from say(get_group_category(category_id))
    course_id = known(answer.course_id)
    if course_id is None:
        raise SetGone(f"The group set {category_id} belongs to no course.")
    course = yield from find_course(integration, course_id)
    keep_set(course, answer)
    return rows.get()


def find_group(integration: CanvasIntegration, group_id: int) -> Talk[CanvasGroup]:
    """The group's row with its set and course. Raises GroupGone, NotPermitted."""
    rows = CanvasGroup.objects.filter(
        course__integration=integration, canvas_id=group_id
    ).select_related("category__course__integration", "category__team_set", "team")
    known_row = rows.first()
    if known_row is not None:
        return known_row
    answer = yield from say(get_group(group_id))
    category_id = known(answer.group_category_id)
    if category_id is None:
        raise GroupGone(f"The group {group_id} belongs to no set of a course.")
    category = yield from find_set(integration, category_id)
    keep_group(category, answer)
    return rows.get()


def keep_set(course: CanvasCourse, answer: payloads.GroupCategory) -> CanvasGroupCategory:
    """Save Canvas's answer about a set, and give it its team set."""
    before = course.group_categories.filter(canvas_id=answer.id).first()
    tags = before.non_collaborative if before else False
    save_group_categories(course, [answer], non_collaborative=tags)
    teams.follow(course, at=timezone.now())
    return CanvasGroupCategory.objects.select_related("course__integration", "team_set").get(
        course=course, canvas_id=answer.id
    )


def keep_group(category: CanvasGroupCategory, answer: payloads.Group) -> CanvasGroup:
    """Save Canvas's answer about a group, and give it its team."""
    save_groups(category.course, [answer])
    if category.forms_teams and category.team_set is not None:
        teams.follow_set(category, at=timezone.now())
    return CanvasGroup.objects.select_related(
        "category__course__integration", "category__team_set", "team"
    ).get(course=category.course, canvas_id=answer.id)
