"""The commands and their options; each imports what it needs when it is called, so that `--help` is quick."""

import typer

from console.commands import (
    account,
    answer,
    cameras,
    campaign,
    check,
    control,
    dashboard,
    design,
    device,
    emulate,
    import_xdl,
    journal,
    new,
    report,
    resume,
    run,
    schema,
    status,
    stop,
    vision,
)

app = typer.Typer(
    name="athanor", no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Propose, make, look, measure, learn: a self-driving laboratory, rehearsed on a simulated bench first.",
)  # fmt: skip
app.command("check")(check.check)
app.command("run")(run.run)
app.command("dry-run")(run.dry_run)
app.command("resume")(resume.resume)
app.command("status")(status.status)
app.command("pause")(control.pause)
app.command("skip")(control.skip)
app.command("retry")(control.retry)
app.command("abort")(control.abort)
app.command("stop")(stop.stop)
app.command("answer")(answer.answer)
app.command("schema")(schema.schema)
app.command("import-xdl")(import_xdl.import_xdl)
app.command("emulate")(emulate.emulate)
app.command("report")(report.report)
app.command("dashboard")(dashboard.dashboard)
app.add_typer(account.app, name="account")
app.add_typer(campaign.app, name="campaign")
app.add_typer(design.app, name="design")
app.add_typer(device.app, name="device")
app.add_typer(new.app, name="new")
vision.app.command("board")(cameras.board)
vision.app.command("calibrate-camera")(cameras.calibrate_camera)
app.add_typer(vision.app, name="vision")
app.add_typer(journal.app, name="journal")
