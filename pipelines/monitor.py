"""The monitor: builds the adapters, reads the clock once a run, and calls the stages in order.

Both edges use it: the command line runs a whole pass, Dagster's assets one stage each.

    configure | poll | fetch | extract | match | cluster | load | publish (| digest | publish)
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines.adapters.archive import Archive
from pipelines.adapters.embedder import embedder_or_none
from pipelines.adapters.http import Http, Manners
from pipelines.adapters.letters import Letter, as_eml
from pipelines.adapters.mailer import Mailer
from pipelines.adapters.rendering import FORMATS, alert_letter, letter_of, render_digest
from pipelines.adapters.site import site_pages
from pipelines.adapters.warc_reading import WarcFile
from pipelines.adapters.warehouse import Published, Reader, Warehouse, write_whole
from pipelines.adapters.workers import Workers
from pipelines.config import DigestConfig, Sources, load_sources
from pipelines.core.digest import Brief, Content
from pipelines.core.errors import ArchiveError, DeliveryError, NothingKnown
from pipelines.core.feed_verdicts import Judged, Seen, is_proposed, judge
from pipelines.core.nouns import Counted, Feed
from pipelines.core.polling import is_due, may_be_asked
from pipelines.core.rulings import Ruling
from pipelines.core.screening import Screen
from pipelines.core.url_key import url_key
from pipelines.settings import Settings
from pipelines.stages import digest as digests
from pipelines.stages.alert import raise_alerts, recent_alerts
from pipelines.stages.archived import Desk as Extracting
from pipelines.stages.asking import Desk
from pipelines.stages.cluster import cluster
from pipelines.stages.configure import configure
from pipelines.stages.deliver import Mailing, deliver
from pipelines.stages.discover import Candidate, discover
from pipelines.stages.extract import extract
from pipelines.stages.fetch import fetch
from pipelines.stages.judge import CannotJudge, Decision, add, rulings_of, undo
from pipelines.stages.learn import learn_anew, take_lesson
from pipelines.stages.load import load
from pipelines.stages.match import match_drafts
from pipelines.stages.poll import Due, poll
from pipelines.stages.publish import publish
from pipelines.stages.replay import Desk as Replaying
from pipelines.stages.replay import Preview, decide_anew, preview, replay
from pipelines.stages.second_opinion import SecondOpinion

STAGES = ("configure", "poll", "fetch", "extract", "match", "cluster", "load", "publish")
Progress = Callable[[Counted], None]


def _quietly(_: Counted) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """Everything a run needs, from settings and sources."""

    settings: Settings
    sources: Sources
    reading: Workers = field(default_factory=Workers, compare=False)  # starts when there is something to read
    opinion: SecondOpinion | None = field(default=None, compare=False)  # loads its model with the first question

    def __post_init__(self) -> None:
        """The second opinion of these sources, one for all stages: its prompts are read once."""
        object.__setattr__(self, "opinion", self.opinion or opinion_of(self.sources))

    @classmethod
    def from_settings(cls, settings: Settings) -> "Monitor":
        """Read sources.yaml as the settings name it."""
        return cls(settings, load_sources(settings.sources))

    def open_warehouse(self, who: str = "presswatch", patience: float = 0.0) -> Warehouse:
        """Take the writer's lock, waiting at most `patience` seconds for it."""
        return Warehouse.open(self.settings.warehouse, who=who, patience=patience)

    def editions(self) -> list[digests.Edition]:
        """The digests that are told, the first of which is meant where none is named."""
        return [self._edition(d) for d in self.sources.digests]

    def edition(self, name: str | None = None) -> digests.Edition:
        """One of them by its id.

        Raises:
            NothingKnown: sources.yaml names no such digest.
        """
        found = self.editions()
        for edition in found:
            if name in {None, edition.edition_id}:
                return edition
        raise NothingKnown(f"no digest {name!r} in sources.yaml; it has {', '.join(e.edition_id for e in found)}")

    def _edition(self, config: DigestConfig) -> digests.Edition:
        monitor = self.sources.monitor
        wanted = config.topics
        return digests.Edition(
            closes_at=config.closes_at or monitor.digest_closes_at,
            zone=monitor.time_zone,
            topics=tuple(wanted) if wanted is not None else None,
            recipients=tuple(monitor.recipients if config.recipients is None else config.recipients),
            brief=Brief(
                title=config.name or monitor.name,
                topics=tuple((t.id, t.name) for t in self.sources.topics if wanted is None or t.id in wanted),
                languages=tuple(config.languages or monitor.languages),
                time_zone=monitor.time_zone.key,
                edition=config.id,
                language=config.language,
                sections=tuple(config.sections or ()),
            ),
        )

    def run_stage(self, stage: str, warehouse: Warehouse, now: datetime) -> Counted:
        """One stage of one pass, by its name in `STAGES`.

        Raises:
            PresswatchError: the run cannot go on; what was committed stands, and the next run goes on from there.
        """
        sources, archive = self.sources, Archive(self.settings.warehouse / "archive", now)
        work: dict[str, Callable[[], Counted]] = {
            "configure": lambda: configure(warehouse, sources, now),
            "poll": lambda: asyncio.run(self._poll(warehouse, now)),
            "fetch": lambda: asyncio.run(self._fetch(warehouse, now)),
            "extract": lambda: extract(warehouse, self._extracting(warehouse, archive), now),
            "match": lambda: self._match(warehouse, now),
            "cluster": lambda: cluster(warehouse, sources.bodies(), now),
            "load": lambda: load(warehouse, now),
            "publish": lambda: publish(warehouse, now),
        }
        return work[stage]()

    def run_pass(
        self, warehouse: Warehouse, now: datetime, *, until: str = "publish", progress: Progress = _quietly
    ) -> list[Counted]:
        """All stages over what is due, up to and with `until`."""
        done = []
        for stage in STAGES[: STAGES.index(until) + 1]:
            done.append(self.run_stage(stage, warehouse, now))
            progress(done[-1])
        return done

    def check_feeds(self, warehouse: Warehouse, now: datetime, feed_ids: Collection[str]) -> dict[str, Judged]:
        """Ask these feeds once, as far as manners allow, and judge each by what is known of it then."""
        configure(warehouse, self.sources, now)
        feeds = [f for f in self.sources.feeds() if f.feed_id in feed_ids]
        asyncio.run(self._poll(warehouse, now, feeds, may_be_asked))
        names = Seen.__slots__
        rows = [{n: r[n] for n in names} for r in warehouse.query("sources/checked") if r["feed_id"] in feed_ids]
        return {r["feed_id"]: judge(Seen(**r), now) for r in rows}

    def moves(self, warehouse: Warehouse, now: datetime) -> dict[str, str]:
        """Feeds whose permanent redirect has stood long enough to be proposed, with their new addresses."""
        rows = [Seen(**{n: r[n] for n in Seen.__slots__}) for r in warehouse.query("sources/checked")]
        return {s.feed_id: s.redirect_url for s in rows if s.redirect_url and is_proposed(s, now)}

    def discover(self, url: str, now: datetime) -> list[Candidate]:
        """The feeds of a site.

        Raises:
            NothingThere: it could not be looked at.
        """

        async def look() -> list[Candidate]:
            watched = {k for o in self.sources.outlets for f in o.feeds if (k := url_key(f.url))}
            async with self._http() as http:
                return await discover(http, self.reading, url, watched, now)

        return asyncio.run(look())

    def replay(
        self, warehouse: Warehouse, files: Sequence[WarcFile], now: datetime, progress: Progress = _quietly
    ) -> list[Counted]:
        """Archived pages read again, or somebody's listed, then everything after fetching; the network is left alone.

        Raises:
            ArchiveError: a file cannot be read; what was committed stands, and the same replay goes on from there.
        """
        done = [self.run_stage("configure", warehouse, now)]
        with self._archive(now) as archive:
            for counted in replay(warehouse, self._replaying(warehouse), archive, files, now):
                done.append(counted)
                progress(counted)
        for stage in STAGES[STAGES.index("extract") :]:
            done.append(self.run_stage(stage, warehouse, now))
            progress(done[-1])
        return done[1:]

    def judge(self, warehouse: Warehouse, decision: Decision, now: datetime) -> tuple[int, list[Counted]]:
        """Keep a person's decision, decide on its article anew, and everything after matching; its number first.

        Raises:
            CannotJudge: it is about no article, or about a topic that is not watched.
            ArchiveError: the article's page is not in the archive any more; the decision is taken back.
        """
        topics = [topic.id for topic in self.sources.topics]
        if decision.topic is not None and decision.topic not in topics:
            raise CannotJudge(f"{decision.topic!r} is no topic of sources.yaml; these are: {', '.join(topics)}")
        number, article_id = add(warehouse, decision, now)
        try:
            return number, self._decide_anew(warehouse, article_id, now)
        except ArchiveError:
            undo(warehouse, number, now)
            raise

    def unjudge(self, warehouse: Warehouse, number: int, now: datetime) -> list[Counted]:
        """Take a person's decision back, decide on its article anew, and everything after matching.

        Raises:
            CannotJudge: no standing decision has the number.
        """
        return self._decide_anew(warehouse, undo(warehouse, number, now), now)

    def _decide_anew(self, warehouse: Warehouse, article_id: int, now: datetime) -> list[Counted]:
        archive = Archive(self.settings.warehouse / "archive", now)
        counts = decide_anew(warehouse, self._replaying(warehouse), archive, [article_id], now)
        done = [Counted(stage="judge", counts=dict(sorted(counts.items())))]
        return done + [self.run_stage(stage, warehouse, now) for stage in STAGES[STAGES.index("cluster") :]]

    def preview_replay(self, files: Sequence[WarcFile], now: datetime, most_shown: int) -> Iterator[Preview]:
        """What a replay would change, from the published copy and without any lock; after each file anew.

        Raises:
            ArchiveError: a file cannot be read.
            WarehouseError: nothing is published.
        """
        with Published.open(self.settings.warehouse) as published:
            yield from preview(published, self._replaying(published), files, now, most_shown)

    def tell(self, warehouse: Warehouse, now: datetime, day: date | None = None, edition: str | None = None) -> Content:
        """The digest of a day, remembered, written to `digests/` in every format, and, last, published."""
        content = digests.tell(warehouse, self.edition(edition), now, day)
        folder = self.settings.warehouse / "digests"
        for suffix, text in render_all(content).items():
            write_whole(folder / f"{content['digest_id']}.{suffix}", text)
        publish(warehouse, now)
        return content

    def tell_all(self, warehouse: Warehouse, now: datetime) -> list[Content]:
        """The newest digest of every edition."""
        return [self.tell(warehouse, now, edition=e.edition_id) for e in self.editions()]

    def send_all(self, warehouse: Warehouse, told: Sequence[Content], now: datetime) -> list[Counted]:
        """Send these to whoever is to be sent them; nothing where mail is not set up."""
        known = {e.edition_id for e in self.editions() if e.recipients}
        wanted = [content for content in told if content["edition"] in known]
        if self.settings.mail is None or not wanted:
            return []
        sent = [self.send(warehouse, content, now) for content in wanted]
        publish(warehouse, now)
        return sent

    def send(self, warehouse: Warehouse, content: Content, now: datetime, *, again: bool = False) -> Counted:
        """Send a digest that was told to its readers.

        Raises:
            DeliveryError: nobody is to be sent it, or no mail server is set.
        """
        edition = self.edition(content["edition"])
        if not edition.recipients:
            raise DeliveryError(f"digest {edition.edition_id!r} has no recipients in sources.yaml")
        return self._deliver(warehouse, letter_of(content), edition.recipients, now, again=again)

    def alert(self, warehouse: Warehouse, now: datetime) -> list[Counted]:
        """Raise the alerts that are due, and send those of the last day to whoever was not sent them."""
        rules = self.sources.rules()
        if self.settings.mail is None or not rules:
            return []
        edition = self.edition()
        new, usual = digests.untold(warehouse, edition, now)
        raise_alerts(warehouse, rules, new, usual, edition.brief, now)
        to = {a.id: a.recipients for a in self.sources.alerts}
        return [
            self._deliver(warehouse, alert_letter(content), to[content["rule_id"]], now)
            for content in recent_alerts(warehouse, now)
            if content["rule_id"] in to
        ]

    def _deliver(
        self, warehouse: Warehouse, letter: Letter, to: Sequence[str], now: datetime, *, again: bool = False
    ) -> Counted:
        server, sender = self.settings.mail, self._sender()
        if server is None:
            raise DeliveryError("no mail server is set; set PRESSWATCH_SMTP, like smtps://USER@HOST:465")
        mailing = Mailing(
            letter_id=letter.letter_id,
            sender=sender,
            recipients=to,
            written=lambda reader, message_id: as_eml(letter, sender=sender, recipient=reader, message_id=message_id),
        )
        return deliver(warehouse, mailing, Mailer(server), now, again=again)

    def send_waiting(self, warehouse: Warehouse, now: datetime) -> list[Counted]:
        """Send again what a server did not take before, and alerts; nothing where mail is not set up."""
        if self.settings.mail is None:
            return []
        sent = self.send_all(warehouse, digests.waiting_contents(warehouse, now), now)
        return [*sent, *self.alert(warehouse, now)]

    def _sender(self) -> str:
        monitor = self.sources.monitor
        sender = monitor.sender or monitor.contact
        if "@" not in sender:
            raise DeliveryError("mail needs a sender: write `sender: name@your.domain` under monitor in sources.yaml")
        return sender

    def site(self, edition: str | None = None) -> Iterator[tuple[str, str]]:
        """The archive site of an edition: paths in its folder, and texts.

        Raises:
            NothingKnown: no digest of it was told.
        """
        wanted = self.edition(edition).edition_id
        with Published.open(self.settings.warehouse) as published:
            told = [c for c in digests.told_contents(published) if c["edition"] == wanted]
        if not told:
            raise NothingKnown(f"no digest {wanted!r} was told yet; run `presswatch run --digest` first")
        yield from site_pages(told, self.sources.monitor.site)

    def digest_told(self, now: datetime, day: date | None, edition: str | None = None) -> Content | None:
        """A digest that was told and published, without any lock; None if it is still to be told.

        Raises:
            NothingKnown: nothing had been published by then.
            WarehouseError: nothing is published.
        """
        wanted = self.edition(edition)
        with Published.open(self.settings.warehouse) as published:
            scope = digests.scope_of(published, wanted, now, day)
            return digests.stored_content(published, wanted, scope.window.day)

    def digest_as_of(
        self, now: datetime, day: date | None, as_of: datetime | None, edition: str | None = None
    ) -> Content:
        """A digest from the published copy, not remembered: as told, or as it would have been told at `as_of`."""
        wanted = self.edition(edition)
        with Published.open(self.settings.warehouse) as published:
            scope = digests.scope_of(published, wanted, now, day, as_of)
            stored = None if as_of else digests.stored_content(published, wanted, scope.window.day)
            return stored or digests.compose_from(published, wanted, scope)

    async def _poll(
        self, warehouse: Warehouse, now: datetime, feeds: Sequence[Feed] | None = None, due: Due = is_due
    ) -> Counted:
        with self._archive(now) as archive:
            async with self._http() as http:
                desk = Desk(http=http, archive=archive, reading=self.reading, sites=self.sources.sites())
                return await poll(warehouse, desk, self.sources.feeds() if feeds is None else feeds, now, due)

    async def _fetch(self, warehouse: Warehouse, now: datetime) -> Counted:
        with self._archive(now) as archive:
            async with self._http() as http:
                return await fetch(warehouse, http, archive, now)

    def _match(self, warehouse: Warehouse, now: datetime) -> Counted:
        watch = self.sources.watch()
        if self.opinion is not None:
            learn_anew(warehouse, watch, self.opinion, now)
        return match_drafts(warehouse, watch, self.sources.lookout(), now, self._taught(warehouse))

    def _taught(self, reader: Reader) -> SecondOpinion | None:
        """The second opinion with what the judgements taught last."""
        if self.opinion is not None:
            take_lesson(reader, self.opinion)
        return self.opinion

    def _extracting(self, warehouse: Warehouse, archive: Archive) -> Extracting:
        sources, watch, opinion = self.sources, self.sources.watch(), self._taught(warehouse)
        screen = Screen.of(watch, opinion.prompts.is_undecided) if opinion is not None else Screen.of(watch)
        return Extracting(
            archive=archive, reading=self.reading, watch=watch, lookout=sources.lookout(),
            zone=sources.monitor.time_zone, screen=screen, opinion=opinion, rulings=self._rulings(warehouse),
        )  # fmt: skip

    def _replaying(self, reader: Reader) -> Replaying:
        sources = self.sources
        return Replaying(
            reading=self.reading, watch=sources.watch(), lookout=sources.lookout(), zone=sources.monitor.time_zone,
            sites=sources.sites(), opinion=self._taught(reader), rulings=self._rulings(reader),
        )  # fmt: skip

    def _rulings(self, reader: Reader) -> dict[int, list[Ruling]]:
        return rulings_of(reader, [topic.id for topic in self.sources.topics])

    def _http(self) -> Http:
        monitor = self.sources.monitor
        manners = Manners(contact=monitor.contact, gap=monitor.host_gap_seconds, time_limit=monitor.request_seconds)
        return Http(manners, self.settings.hosts)

    @contextlib.contextmanager
    def _archive(self, now: datetime) -> Iterator[Archive]:
        archive = Archive.open(self.settings.warehouse / "archive", now)
        try:
            yield archive
        except BaseException:
            archive.close(settled=False)
            raise
        archive.close(settled=True)


def opinion_of(sources: Sources) -> SecondOpinion | None:
    """The second opinion that sources ask for; None where they ask for none, or there is no embedder here."""
    prompts = sources.prompts()
    embedder = embedder_or_none(sources.meaning.model) if sources.meaning else None
    return SecondOpinion(embedder, prompts) if prompts and embedder else None


def render_all(content: Content) -> dict[str, bytes]:
    """A digest in every format, by file suffix."""
    return {suffix: render_digest(content, kind) for suffix, kind in FORMATS.items()}


def digest_paths(warehouse: Path, content: dict[str, Any]) -> dict[str, Path]:
    """Where a digest's files are."""
    return {s: warehouse / "digests" / f"{content['digest_id']}.{s}" for s in FORMATS}
