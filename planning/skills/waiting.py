"""What needs no device: letting time pass, asking a person, deciding by what was found."""

from collections.abc import Mapping
from typing import Any

from planning.asking import answer_in_time
from planning.errors import InDoubt, NeverHeld, Refused, Unanswered
from planning.protocol.expressions import BadExpression, holds
from planning.questions import Question, raise_question
from planning.skills.job import Job


async def wait(job: Job) -> Mapping[str, Any]:
    """Let time pass; what passed while nobody was there counts."""
    await job.rest_until(job.begun_s + job.task.arguments["for_s"])
    return {}


async def decide(job: Job) -> Mapping[str, Any]:
    """Work out a condition on what was measured or seen."""
    details = job.task.arguments
    condition = details["condition"]
    try:
        outcome = holds(condition, {**details["values"], **job.results})
    except BadExpression as err:
        raise Refused(
            f"{condition!r} cannot be decided: {err}", "Measure before, or allow for what is missing"
        ) from err
    job.write("decided", decision=details["decision"], condition=condition, outcome=outcome)
    if details["must"] and not outcome:
        raise NeverHeld(f"after all its rounds {condition!r} does not hold")
    return {"outcome": outcome}


async def ask(job: Job) -> Mapping[str, Any]:
    """Ask a person and wait for the answer, or for the end of patience."""
    details = job.task.arguments
    question = Question(job.task.id, details["question"], details["answers"], details["quantity"])
    raise_question(job.bench.journal, question, job.task.samples, details["time_out_s"])
    answer = await answer_in_time(job.bench, job.inbox, question, job.task.samples, details["time_out_s"], job.begun_s)
    given: str | float = details["if_silent"] if answer is None else answer
    if answer is None and given == "set aside":
        raise Unanswered(f"nobody answered in time: {question.text}")
    if answer is None and given == "stop":
        raise InDoubt("bench", f"nobody answered in time: {question.text}")
    job.write("answered", answer=given, by="nobody" if answer is None else job.inbox.who_answered(question))
    return {question.quantity: question.figures(given)}
