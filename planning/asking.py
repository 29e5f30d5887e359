"""Waiting for a person: until there is an answer or patience ends, with reminders on the way."""

from collections.abc import Sequence

from planning.bench import Bench
from planning.questions import POLL_S, Inbox, Question

REMIND_S = 1800.0
"""A question that waits is brought to mind this often."""


async def answer_in_time(
    bench: Bench, inbox: Inbox, question: Question, samples: Sequence[str], time_out_s: float | None,
    since_s: float | None = None,
) -> str | float | None:  # fmt: skip
    """Wait for the answer to a question that was raised; None if nobody gave one in time.

    Args:
        time_out_s: how long; None is for ever.
        since_s: bench time from which patience counts; now, if left out.
    """
    clock = bench.clock
    start_s = clock.now_s() if since_s is None else since_s
    reminded_s = clock.now_s()
    answer = inbox.answer_to(question, time_out_s)
    while answer is None and (time_out_s is None or clock.now_s() < start_s + time_out_s):
        await bench.sleep(POLL_S)
        answer = inbox.answer_to(question, time_out_s)
        if answer is None and clock.now_s() >= reminded_s + REMIND_S:
            reminded_s = clock.now_s()
            waits_min = round((reminded_s - start_s) / 60)
            bench.journal.write("reminded", sample=",".join(samples), task=question.id, question=question.text,
                                answers=question.answers, waits_min=waits_min)  # fmt: skip
    return answer
