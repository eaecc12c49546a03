"""A process that sends one letter, and may be killed on its way: `python -m tests.mail.sending FOLDER PORT AT`.

AT is the commit after which it kills itself, 0 for none; with "pid" before, it says its number and waits for a line.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipelines.adapters.letters import Letter, as_eml
from pipelines.adapters.mailer import Mailer
from pipelines.adapters.warehouse import Warehouse
from pipelines.settings import MailServer
from pipelines.stages.deliver import Mailing, deliver

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
SENDER, READER = "watch@press.example", "desk@readers.example"
LETTER = Letter(
    letter_id="2026-11-24", subject="Watch", language="en", written_at=NOW, text="A quiet day.", html="<p>A quiet day."
)


def mailing(*recipients: str) -> Mailing:
    return Mailing(
        letter_id=LETTER.letter_id,
        sender=SENDER,
        recipients=recipients or (READER,),
        written=lambda to, message_id: as_eml(LETTER, sender=SENDER, recipient=to, message_id=message_id),
    )


def main(folder: str, port: str, at: str) -> None:
    left = int(at)

    def committed() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with Warehouse.open(Path(folder)) as warehouse:
        warehouse.committed = committed
        sys.stdout.write(f"{os.getpid()}\n")
        sys.stdout.flush()
        sys.stdin.readline()
        mailer = Mailer(MailServer(host="127.0.0.1", port=int(port), security="none"), time_limit=5)
        sys.stdout.write(f"{deliver(warehouse, mailing(), mailer, NOW).counts}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
