"""Mail end to end on loopback: each reader once, whatever dies; and what may have arrived is said, not sent again."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.adapters.mailer import Mailer
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.errors import ConfigError
from pipelines.core.posting import masked
from pipelines.settings import MailServer, read_settings
from pipelines.stages.deliver import deliver

from .post_office import PostOffice, certificate, free_port, only, opened
from .sending import NOW, READER, SENDER, mailing

ROOT = Path(__file__).parents[2]


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse.open(tmp_path / "warehouse") as made:
        yield made


def to(port: int, **over: object) -> Mailer:
    sound: dict[str, object] = {"host": "127.0.0.1", "port": port, "security": "none", **over}
    return Mailer(MailServer(**sound), time_limit=5)  # type: ignore[arg-type]


def states(warehouse: Warehouse) -> list[tuple[str, str]]:
    return [(r["recipient"], r["state"]) for r in warehouse.sql("select * from deliveries order by recipient")]


def test_each_reader_gets_one_mail_of_his_own_and_none_when_sent_again(warehouse: Warehouse) -> None:
    office = PostOffice()
    with opened(office) as port:
        for _ in range(3):
            counts = deliver(
                warehouse, mailing("a@readers.example", "B@readers.example", "b@readers.example"), to(port), NOW
            ).counts
    assert counts == {"sent": 2, "waiting": 0, "refused": 0, "uncertain": 0}
    assert sorted(str(m["To"]).lower() for m in office.arrived) == ["a@readers.example", "b@readers.example"]
    assert len(set(office.ids())) == 2
    assert {m["From"] for m in office.arrived} == {SENDER}


def test_addresses_are_not_kept_in_the_warehouse(warehouse: Warehouse) -> None:
    with opened(PostOffice()) as port:
        deliver(warehouse, mailing(), to(port), NOW)
    row = warehouse.sql("select * from deliveries")[0]
    assert row["recipient"] == masked(READER) == "d…@readers.example"
    assert READER not in str(row)


def test_a_reader_who_is_refused_does_not_keep_others_from_their_mail(warehouse: Warehouse) -> None:
    office = PostOffice(refuses={"gone@readers.example": "550 no such reader"})
    with opened(office) as port:
        done = deliver(warehouse, mailing("gone@readers.example", READER), to(port), NOW)
        deliver(warehouse, mailing("gone@readers.example", READER), to(port), NOW + timedelta(days=1))
    assert office.recipients == [READER]
    assert states(warehouse) == [(masked(READER), "sent"), ("g…@readers.example", "refused")]
    assert [r["detail"] for r in done.rows] == ["550 no such reader"]


@pytest.mark.parametrize("trouble", ["dead", "busy at the door", "busy after the letter"])
def test_a_server_that_takes_nothing_is_asked_again_later_with_the_same_message_id(
    warehouse: Warehouse, trouble: str
) -> None:
    office = PostOffice()
    office.refuses = {READER: "451 later"} if trouble == "busy at the door" else {}
    office.answer = "451 later" if trouble == "busy after the letter" else office.answer
    with opened(office) as port:
        assert deliver(warehouse, mailing(), to(free_port() if trouble == "dead" else port), NOW).counts["waiting"] == 1
        before = warehouse.sql("select message_id, next_attempt_at from deliveries")[0]
        office.refuses, office.answer = {}, "250 taken"
        assert deliver(warehouse, mailing(), to(port), NOW).counts["waiting"] == 1, "not before its time"
        assert deliver(warehouse, mailing(), to(port), before["next_attempt_at"]).counts["sent"] == 1
    assert office.ids() == [before["message_id"]]


def test_after_a_day_a_letter_is_given_up(warehouse: Warehouse) -> None:
    port = free_port()
    deliver(warehouse, mailing(), to(port), NOW)
    done = deliver(warehouse, mailing(), to(port), NOW + timedelta(hours=25))
    assert done.counts["refused"] == 1
    assert str(done.rows[0]["detail"]).startswith("given up after a day")


def test_a_connection_lost_after_the_letter_is_uncertain_and_sent_again_only_on_command(warehouse: Warehouse) -> None:
    office = PostOffice(drops=True)
    with opened(office) as port:
        done = deliver(warehouse, mailing(), to(port), NOW)
        office.drops = False
        assert deliver(warehouse, mailing(), to(port), NOW + timedelta(hours=5)).counts["uncertain"] == 1
        assert len(office.arrived) == 1
        assert deliver(warehouse, mailing(), to(port), NOW + timedelta(hours=5), again=True).counts["sent"] == 1
    assert done.rows[0]["state"] == "uncertain"
    assert len(office.arrived) == 2
    assert len(set(office.ids())) == 1, "a mail server may know it again"


# --- killed


def run(folder: Path, port: int, *, at: int = 0, office: PostOffice | None = None) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.mail.sending", str(folder), str(port), str(at)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert started.stdout is not None
    if office is not None:
        office.kills.append(int(started.stdout.readline()))
    started.communicate("go\n", timeout=60)
    return started


# Commits: 1 doubt, 2 prepared, 3 sending, 4 settled.
@pytest.mark.parametrize(
    ("at", "arrived", "after"), [(1, 1, "sent"), (2, 1, "sent"), (3, 0, "uncertain"), (4, 1, "sent")]
)
def test_killed_between_any_two_steps_nobody_gets_a_second_mail_by_itself(
    tmp_path: Path, at: int, arrived: int, after: str
) -> None:
    office, folder = PostOffice(), tmp_path / "warehouse"
    with opened(office) as port:
        assert run(folder, port, at=at).returncode == -9
        for _ in range(2):
            assert run(folder, port).returncode == 0
        with Warehouse.open(folder) as warehouse:
            assert states(warehouse) == [(masked(READER), after)]
            assert len(office.arrived) == arrived
            deliver(warehouse, mailing(), to(port), NOW, again=True)
            assert len(office.arrived) == 1
    assert len(set(office.ids())) == 1


def test_killed_when_the_letter_is_there_but_the_answer_is_not_it_is_uncertain(tmp_path: Path) -> None:
    office, folder = PostOffice(), tmp_path / "warehouse"
    with opened(office) as port:
        assert run(folder, port, office=office).returncode == -9
        assert len(office.arrived) == 1
        assert run(folder, port).returncode == 0
    with Warehouse.open(folder) as warehouse:
        assert states(warehouse) == [(masked(READER), "uncertain")]
    assert len(office.arrived) == 1


# --- TLS


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_over_tls_with_a_name_and_password(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    office = PostOffice()
    options: dict[str, object] = {"authenticator": only("watch", "secret"), "auth_required": True}
    if security == "tls":
        options |= {"ssl_context": context, "auth_require_tls": False}
    else:
        options |= {"tls_context": context, "require_starttls": True}
    with opened(office, **options) as port:
        wrong = to(port, host="localhost", security=security, user="watch", password="guess")  # noqa: S106 (no password)
        assert deliver(warehouse, mailing(), wrong, NOW).counts["waiting"] == 1
        right = to(port, host="localhost", security=security, user="watch", password="secret")  # noqa: S106 (as above)
        assert deliver(warehouse, mailing(), right, NOW + timedelta(hours=1)).counts["sent"] == 1
    assert len(office.arrived) == 1


def test_a_server_whose_certificate_is_not_trusted_is_told_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    office = PostOffice()
    with opened(office, ssl_context=context) as port:
        done = deliver(warehouse, mailing(), to(port, host="localhost", security="tls"), NOW)
    assert done.counts["waiting"] == 1
    assert "certificate" in str(done.rows[0]["detail"]).lower()
    assert office.arrived == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("smtps://watch%40press.example@mail.example", ("mail.example", 465, "tls", "watch@press.example")),
        ("smtp+starttls://mail.example:2525", ("mail.example", 2525, "starttls", None)),
        ("smtp://127.0.0.1:25", ("127.0.0.1", 25, "none", None)),
    ],
)
def test_a_mail_server_is_read_from_one_address(written: str, read: tuple[str, int, str, str | None]) -> None:
    server = read_settings({"PRESSWATCH_SMTP": written, "PRESSWATCH_SMTP_PASSWORD": "secret"}).mail
    assert server is not None
    assert (server.host, server.port, server.security, server.user) == read
    assert "secret" not in repr(server)


@pytest.mark.parametrize("written", ["smtp://mail.example", "mail.example:25", "smtps://", "https://mail.example"])
def test_mail_in_the_clear_to_another_machine_is_refused(written: str) -> None:
    with pytest.raises(ConfigError, match="PRESSWATCH_SMTP"):
        read_settings({"PRESSWATCH_SMTP": written})


def test_nothing_is_due_before_anything_was_prepared(warehouse: Warehouse) -> None:
    assert warehouse.query("deliver/waiting_letters", now=datetime.now(UTC)) == []
