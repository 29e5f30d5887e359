"""`athanor answer`: what a run's steps ask of a person."""

from pathlib import Path
from typing import Annotated

import typer


def answer(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    question: Annotated[str, typer.Argument(help="Which question; all that wait are listed if left out.")] = "",
    reply: Annotated[str, typer.Argument(metavar="ANSWER", help="One of its words, or a number.")] = "",
) -> None:
    """Answer a question that a run waits for; the engine takes it up within seconds.

    [dim]athanor answer runs/drop-cast-film-01 s001.ask yes[/]
    """
    from console.runfolder import RunFolder
    from planning.errors import Refused
    from planning.journal import Journal
    from planning.questions import FolderInbox, named, open_questions

    with Journal.reading(RunFolder(run).place) as journal:
        waiting = open_questions(journal.events())
    if not question:
        for each in waiting.values():
            print(f"{each.id}: {each.text} [{'|'.join(each.answers) if each.answers else 'a number'}]")
        print(f"{len(waiting) or 'no'} question{'s wait' if len(waiting) != 1 else ' waits'}")
        return
    if not reply:
        raise Refused(f"{question} has no answer on this line", "Write it after the question")
    FolderInbox(run).put(named(waiting, question), reply)
