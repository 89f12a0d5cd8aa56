"""A second process on the same database: says what it hears, and posts what it is told to on its input."""

import asyncio
import sys

from events import db, notices, operating


def say(*words: object) -> None:
    """One line of output."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Until the input ends."""
    notices.listen(lambda posted: say(posted.kind, posted.here, posted.subject))
    await operating.start()
    say("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        async with db.transaction():
            for kind in line.split():
                await notices.post(kind)
    await operating.stop()


asyncio.run(main())
