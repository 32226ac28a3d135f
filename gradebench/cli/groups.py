"""What can be typed about groups: `gradebench groups …`, and nothing of Django."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gradebench.cli.start import ready

groups_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Group sets: edit here, plan, review, apply, verify, undo.

    What is edited here stays here until a plan is applied. A plan says exactly what differs between
    what you want and what Canvas has; nothing is written when Canvas changed meanwhile.""",
    epilog="""**A round:** gradebench groups export 1234 --set 7 -o teams.csv, edit the file,
    gradebench groups import 1234 --set 7 teams.csv, gradebench groups plan 1234 --set 7,
    gradebench groups apply PLAN_ID.""",
)

CourseId = Annotated[int, typer.Argument(metavar="COURSE_ID", help="Canvas's own number.")]
PlanId = Annotated[int, typer.Argument(metavar="PLAN_ID", help="As `groups plan` printed it.")]
SetId = Annotated[
    int, typer.Option("--set", metavar="ID", help="Canvas's number of the group set.")
]
Integration = Annotated[
    int | None,
    typer.Option(
        "--integration",
        metavar="ID",
        help="Which connection to a Canvas; needed only where several have the course.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs, not a table.")]


@groups_app.command("list", epilog="Example: gradebench groups list 1234 --json")
def list_(course_id: CourseId, *, integration: Integration = None, as_json: AsJson = False) -> None:
    """List a course's group sets with their groups, and what Canvas does not have yet."""
    ready()
    from gradebench.cli.group_sets import list_sets

    list_sets(course_id, integration_id=integration, as_json=as_json)


@groups_app.command("import", epilog="Example: gradebench groups import 1234 --set 7 teams.csv")
def import_(
    course_id: CourseId,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            allow_dash=True,
            help="CSV as Canvas exports it; - reads standard input.",
        ),
    ],
    *,
    set_id: SetId,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Take the good rows even if some are bad.")
    ] = False,
    integration: Integration = None,
    as_json: AsJson = False,
) -> None:
    """Want the groups of a file, in Canvas's own CSV format; nothing is sent to Canvas yet.

    The person is found by canvas_user_id, user_id (SIS) or login_id, the group by canvas_group_id,
    group_id (SIS) or group_name; a new name makes a group, an empty one leaves the person where they
    are. Every bad row is named.

    Exit code: 0 all rows are staged, 1 the good ones are, 2 nothing is.
    """
    ready()
    from gradebench.cli.group_files import import_file

    code = import_file(
        course_id, set_id, file, skip_bad=skip_bad, integration_id=integration, as_json=as_json
    )
    raise typer.Exit(code)


@groups_app.command(epilog="Example: gradebench groups export 1234 --set 7 -o teams.csv")
def export(
    course_id: CourseId,
    *,
    set_id: SetId,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to; default: standard output."),
    ] = None,
    integration: Integration = None,
) -> None:
    """Write a set as it is wanted here, in the format of Canvas's own export."""
    ready()
    from gradebench.cli.group_files import export_file

    export_file(course_id, set_id, output, integration_id=integration)


@groups_app.command(epilog="Example: gradebench groups plan 1234 --set 7 --json")
def plan(
    course_id: CourseId,
    *,
    set_id: SetId,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(metavar="ROW", help="A row to leave as it is in Canvas, such as place:42."),
    ] = None,
    ours: Annotated[
        list[str] | None,
        typer.Option(metavar="ROW", help="A conflict to settle for what is wanted here; or all."),
    ] = None,
    canvas: Annotated[
        list[str] | None,
        typer.Option(metavar="ROW", help="A conflict to settle for what Canvas has; or all."),
    ] = None,
    no_import: Annotated[
        bool, typer.Option("--no-import", help="Never use Canvas's CSV import.")
    ] = False,
    integration: Integration = None,
    as_json: AsJson = False,
) -> None:
    """Read the set from Canvas and plan what would be written; nothing is written yet."""
    ready()
    from gradebench.cli.group_plans import Asked, make

    asked = Asked(
        leave_out=leave_out or [], ours=ours or [], canvas=canvas or [], may_import=not no_import
    )
    make(course_id, set_id, asked, integration_id=integration, as_json=as_json)


@groups_app.command(epilog="Example: gradebench groups plans 1234")
def plans(course_id: CourseId, *, integration: Integration = None, as_json: AsJson = False) -> None:
    """List a course's plans, the latest first, and what came of each."""
    ready()
    from gradebench.cli.group_plans import list_plans

    list_plans(course_id, integration_id=integration, as_json=as_json)


@groups_app.command(epilog="Example: gradebench groups show 12 --json > plan.json")
def show(plan_id: PlanId, *, as_json: AsJson = False) -> None:
    """Show a stored plan again."""
    ready()
    from gradebench.cli.group_plans import show_stored

    show_stored(plan_id, as_json=as_json)


@groups_app.command(epilog="Example: gradebench groups apply 12")
def apply(
    plan_id: PlanId,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Agree to taking many people out of their groups.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Apply a plan, read the set back, and tell what Canvas shows.

    Nothing is written when Canvas changed since the plan was made. A plan that was interrupted goes
    on where it was.

    Exit code: 0 verified, 1 a remainder, 2 failed, 3 stale or waiting for --yes: nothing written.
    """
    ready()
    from gradebench.cli.group_plans import apply_stored

    raise typer.Exit(apply_stored(plan_id, yes=yes, as_json=as_json))


@groups_app.command(epilog="Example: gradebench groups undo 12, then gradebench groups apply 13")
def undo(plan_id: PlanId, *, as_json: AsJson = False) -> None:
    """Make the plan that takes back what a plan did; apply it like any other."""
    ready()
    from gradebench.cli.group_plans import undo_stored

    undo_stored(plan_id, as_json=as_json)


@groups_app.command(epilog="Example: gradebench groups history 1234 --since 2026-09-01")
def history(
    course_id: CourseId,
    *,
    since: Annotated[datetime | None, typer.Option(help="From this day on.")] = None,
    integration: Integration = None,
    as_json: AsJson = False,
) -> None:
    """Tell who came into which team when, by whose hand and why, also what was seen in Canvas."""
    ready()
    from gradebench.cli.group_sets import show_history

    show_history(course_id, since=since, integration_id=integration, as_json=as_json)
