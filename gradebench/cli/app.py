"""What can be typed: every command with its options and its help, and nothing of Django."""

import importlib.metadata
from pathlib import Path
from typing import Annotated

import typer

from gradebench.cli.formats import Format
from gradebench.cli.groups import groups_app
from gradebench.cli.start import ready

app = typer.Typer(
    name="gradebench",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Keeps team-based Canvas courses right.

    GradeBench copies your Canvas courses into a local database, shows them in the browser, and pushes
    groups back exactly as you meant them.""",
    epilog="""**To look around:** gradebench demo

    **With your own Canvas:** gradebench connect https://canvas.example.edu --token-file token.txt,
    then gradebench courses, gradebench sync COURSE_ID, gradebench serve.

    The data folder is GRADEBENCH_HOME, another database DATABASE_URL.""",
)


Integration = Annotated[
    int | None,
    typer.Option(
        "--integration",
        metavar="ID",
        help="Which connection to a Canvas; needed only where several have the course.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs, not a table.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free port.")]

app.add_typer(groups_app, name="groups", rich_help_panel="Courses")


@app.callback(invoke_without_command=True)
def gradebench(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Only `--version`; the commands do the rest."""
    if version:
        typer.echo(f"GradeBench {importlib.metadata.version('gradebench')}")
        raise typer.Exit


@app.command(rich_help_panel="Begin", epilog="Example: gradebench demo --port 8100")
def demo(
    *,
    port: Port = 8000,
    headless: Annotated[
        bool,
        typer.Option(
            "--headless", help="Sync the sandbox's courses, print what was read, and exit."
        ),
    ] = False,
    students: Annotated[
        int | None,
        typer.Option(
            min=1, help="Students in the sandbox's main course.", show_default="about 120"
        ),
    ] = None,
) -> None:
    """Show everything on a sandbox Canvas on this machine, in a data folder of its own.

    Starts the sandbox, reads its courses, starts the web pages, and prints the address to click.
    Ctrl-C ends it all; nothing of it is kept, and your own data is not touched.
    """
    from gradebench.cli.demo import run_demo

    raise typer.Exit(run_demo(port=port, headless=headless, students=students))


@app.command(
    rich_help_panel="Begin",
    epilog="""Examples:

    gradebench connect https://canvas.example.edu --token-file token.txt

    pass show canvas-token | gradebench connect canvas.example.edu --token-file - --user ada""",
)
def connect(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Canvas, as you see it in the browser.")
    ],
    *,
    token_file: Annotated[
        Path,
        typer.Option(
            "--token-file",
            metavar="FILE|-",
            allow_dash=True,
            help="The file with the access token; - reads it from standard input.",
        ),
    ],
    user: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose connection it is; made when it is not there yet."),
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="What to call this Canvas.")] = "",
) -> None:
    """Connect a Canvas: test the address and the token, keep them, and list the courses.

    Make the token in Canvas under Account > Settings > New access token. It is stored encrypted
    and never shown again. Prints the connection's id; connecting again replaces the token.
    """
    ready()
    from gradebench.cli.connecting import connect_canvas

    connect_canvas(url, token_file=token_file, user=user, name=name)


@app.command(rich_help_panel="Courses", epilog="Example: gradebench courses --json")
def courses(*, integration: Integration = None, as_json: AsJson = False) -> None:
    """List the courses of the connected Canvases and when each was last synced."""
    ready()
    from gradebench.cli.listing import list_courses

    list_courses(integration_id=integration, as_json=as_json)


@app.command(rich_help_panel="Courses", epilog="Example: gradebench check 1234")
def check(
    course_id: Annotated[int, typer.Argument(metavar="COURSE_ID", help="Canvas's own number.")],
    *,
    integration: Integration = None,
    as_json: AsJson = False,
) -> None:
    """Ask Canvas what the token may do in a course: read people and grades, change groups.

    What is missing is named with who can change it, and where in Canvas.

    Exit code: 0 everything, 1 something is missing or Canvas could not be asked.
    """
    ready()
    from gradebench.cli.checking import check_course

    raise typer.Exit(check_course(course_id, integration_id=integration, as_json=as_json))


@app.command(
    rich_help_panel="Courses",
    epilog="""Examples:

    gradebench sync 1234 1300

    gradebench sync --all --json > result.json""",
)
def sync(
    course_ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="COURSE_ID", help="Canvas's own numbers, as in /courses/1234."),
    ] = None,
    *,
    everything: Annotated[
        bool,
        typer.Option("--all", help="The courses that were chosen; every course if none was."),
    ] = False,
    integration: Integration = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read every submission again, not only what changed.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Agree beforehand, however much would be marked gone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read courses from Canvas into the database.

    What Canvas no longer has is marked gone, never deleted. A sync that would mark more than 5 % of
    the students or memberships gone changes none of them and waits for your yes.

    Exit code: 0 complete, 1 partly done, 2 failed, 3 waits for a yes; the worst of all courses.
    """
    ready()
    from gradebench.cli.syncing import Asked, sync_courses

    asked = Asked(course_ids=course_ids or [], everything=everything, integration_id=integration)
    raise typer.Exit(sync_courses(asked, full=full, yes=yes, as_json=as_json))


@app.command(
    rich_help_panel="Courses", epilog="Example: gradebench export 1234 -o course-1234.json"
)
def export(
    course_id: Annotated[int, typer.Argument(metavar="COURSE_ID", help="Canvas's own number.")],
    *,
    integration: Integration = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.JSON,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to; default: standard output."),
    ] = None,
    gone: Annotated[
        bool, typer.Option("--gone", help="Also what Canvas no longer has, marked as gone.")
    ] = False,
) -> None:
    """Write a synced course as one object, with Canvas's own field names and ids."""
    ready()
    from gradebench.cli.exporting import export_course

    export_course(course_id, integration_id=integration, form=form, output=output, gone=gone)


@app.command(rich_help_panel="Courses", epilog="Example: gradebench runs --limit 5")
def runs(
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many of the latest to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the latest syncs and pushes: what is being done, and how each one ended."""
    ready()
    from gradebench.cli.listing import list_runs

    list_runs(limit=limit, as_json=as_json)


@app.command(
    rich_help_panel="Server",
    epilog="Example: GRADEBENCH_HOSTS=grades.example.edu gradebench serve --host 0.0.0.0 --port 80",
)
def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Serve the web pages, and work through syncs in the background.

    While nobody can sign in yet it prints a one-time address that lets the first person in.
    """
    ready(log_on_screen=True)
    from gradebench.cli.serving import serve_pages

    serve_pages(host=host, port=port)


@app.command(
    rich_help_panel="Server",
    epilog="Example: GRADEBENCH_NO_EMBEDDED_WORKER=1 on the server, then this",
)
def work() -> None:
    """Work through syncs and pushes in this process, until it is told to stop."""
    ready(log_on_screen=True)
    from gradebench.cli.serving import work_until_stopped

    work_until_stopped()


@app.command(
    rich_help_panel="Server",
    epilog="Example: gradebench adduser ada --at https://grades.example.edu",
)
def adduser(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")],
    *,
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--password-file",
            metavar="FILE|-",
            allow_dash=True,
            help="The file with their password; - reads it from standard input.",
        ),
    ] = None,
    at: Annotated[
        str, typer.Option(metavar="URL", help="Where people open these web pages.")
    ] = "http://127.0.0.1:8000",
) -> None:
    """Let one more person sign in to the web pages.

    Without a password file it prints an address that works once, where they choose a password.
    """
    ready()
    from gradebench.cli.people import add_person

    add_person(name, password_file=password_file, base_url=at)
