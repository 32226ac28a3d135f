"""Addresses of the Canvas pages, and of the endpoints for programs below /api/."""

from django.urls import URLPattern, path

from gradebench.canvas.views import (
    assignments,
    choosing,
    course,
    dashboard,
    endpoints,
    groups,
    runs,
    setup,
    students,
)

pages: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("courses/live", dashboard.live_states, name="live_states"),
    path("courses/sync", dashboard.sync_courses, name="sync_courses"),
    path("courses/choose", choosing.choose_courses, name="choose_courses"),
    path("canvas", setup.setup, name="setup"),
    path("canvas/<int:pk>/token", setup.replace_token, name="replace_token"),
    path("canvas/<int:pk>/disconnect", setup.disconnect, name="disconnect"),
    path("courses/<int:pk>", course.overview, name="course"),
    path("courses/<int:pk>/sync", course.sync_course, name="sync_course"),
    path("courses/<int:pk>/assignments", assignments.assignments, name="assignments"),
    path(
        "courses/<int:pk>/assignments/<int:assignment_pk>",
        assignments.assignment,
        name="assignment",
    ),
    path("courses/<int:pk>/students", students.students, name="students"),
    path("courses/<int:pk>/students/<int:person_pk>", students.student, name="student"),
    path("courses/<int:pk>/groups", groups.groups, name="groups"),
    path("courses/<int:pk>/history", runs.history, name="history"),
    path("runs/<int:pk>", runs.run_page, name="run"),
    path("runs/<int:pk>/cancel", runs.cancel_run, name="cancel_run"),
    path("runs/<int:pk>/again", runs.run_again, name="run_again"),
    path("runs/<int:pk>/approve", runs.approve_run, name="approve_run"),
]

programs: list[URLPattern] = [
    path("api/courses", endpoints.list_courses, name="api_courses"),
    path("api/courses/choose", endpoints.choose_courses, name="api_choose"),
    path("api/courses/<int:pk>/sync", endpoints.sync_one, name="api_sync_course"),
    path("api/sync", endpoints.sync_many, name="api_sync"),
    path("api/runs/<int:pk>", endpoints.run_progress, name="api_run"),
    path("api/runs/<int:pk>/cancel", endpoints.cancel_run, name="api_cancel"),
    path("api/runs/<int:pk>/approve", endpoints.approve_run, name="api_approve"),
]

urlpatterns: list[URLPattern] = [*pages, *programs]
