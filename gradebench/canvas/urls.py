"""Addresses of the Canvas pages, and of the endpoints for programs below /api/."""

from django.urls import URLPattern, path

from gradebench.canvas.views import (
    abilities,
    assignments,
    board,
    board_draw,
    board_locks,
    board_steps,
    choosing,
    course,
    dashboard,
    endpoints,
    group_edits,
    group_moves,
    groups,
    plans,
    runs,
    setup,
    student,
    students,
    team_history,
)

SET = "courses/<int:pk>/sets/<int:set_pk>"
GROUP = f"{SET}/groups/<int:team_pk>"
PLAN = "courses/<int:pk>/plans/<int:plan_pk>"

pages: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("courses/live", dashboard.live_states, name="live_states"),
    path("courses/sync", dashboard.sync_courses, name="sync_courses"),
    path("courses/choose", choosing.choose_courses, name="choose_courses"),
    path("canvas", setup.setup, name="setup"),
    path("canvas/<int:pk>/token", setup.replace_token, name="replace_token"),
    path("canvas/<int:pk>/disconnect", setup.disconnect, name="disconnect"),
    path("canvas/<int:pk>/abilities", abilities.check_account, name="check_account"),
    path("courses/<int:pk>", course.overview, name="course"),
    path("courses/<int:pk>/sync", course.sync_course, name="sync_course"),
    path("courses/<int:pk>/abilities", abilities.check_course, name="check_course"),
    path("courses/<int:pk>/assignments", assignments.assignments, name="assignments"),
    path(
        "courses/<int:pk>/assignments/<int:assignment_pk>",
        assignments.assignment,
        name="assignment",
    ),
    path("courses/<int:pk>/students", students.students, name="students"),
    path("courses/<int:pk>/students/<int:person_pk>", student.student, name="student"),
    path("courses/<int:pk>/groups", groups.groups, name="groups"),
    path("courses/<int:pk>/groups/push", group_moves.push_course_group_memberships, name="push"),
    path("courses/<int:pk>/sets/create", group_edits.create_group_set, name="create_set"),
    path(f"{SET}/edit", group_edits.edit_group_set, name="edit_set"),
    path(f"{SET}/delete", group_edits.delete_group_set, name="delete_set"),
    path(f"{SET}/policy", group_edits.choose_policy, name="set_policy"),
    path(f"{SET}/groups/create", group_edits.create_group, name="create_group"),
    path(f"{GROUP}/edit", group_edits.edit_group, name="edit_group"),
    path(f"{GROUP}/delete", group_edits.delete_group, name="delete_group"),
    path(f"{GROUP}/add", group_moves.add_student_to_group, name="add_student"),
    path(f"{GROUP}/remove", group_moves.remove_student_from_group, name="remove_student"),
    path(f"{SET}/assign", group_moves.batch_assign_students, name="assign_students"),
    path(f"{SET}/random", group_moves.random_assign_students, name="assign_at_random"),
    path(f"{SET}/plan", plans.plan_set, name="plan_set"),
    path(f"{SET}/history", team_history.set_history, name="set_history"),
    path("courses/<int:pk>/teams/<int:team_pk>", team_history.team_page, name="team"),
    path(PLAN, plans.plan_page, name="plan"),
    path(f"{PLAN}.json", plans.plan_json, name="plan_json"),
    path(f"{PLAN}/apply", plans.apply, name="apply_plan"),
    path(f"{PLAN}/leave-out", plans.leave_out, name="leave_out"),
    path(f"{PLAN}/settle", plans.settle, name="settle_plan"),
    path(f"{PLAN}/undo", plans.undo, name="undo_plan"),
    path(f"{PLAN}/drop", plans.drop_plan, name="drop_plan"),
    path(f"{SET}/board", board.board, name="board"),
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
    path(f"{SET}/board.json", board.board_facts, name="board_facts"),
    path(f"{SET}/board/moves", board_steps.board_moves, name="board_moves"),
    path(f"{SET}/board/draw", board_draw.board_draw, name="board_draw"),
    path(f"{SET}/board/teams", board_steps.board_teams, name="board_teams"),
    path(f"{SET}/board/locks", board_locks.board_locks, name="board_locks"),
]

urlpatterns: list[URLPattern] = [*pages, *programs]
