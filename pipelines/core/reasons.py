"""Where an entry stands, and the named reason for every one that went no further."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The one state of an entry. `LISTED` and `WAITING` are working states, the others are final."""

    LISTED = "listed"
    WAITING = "waiting"  # to be tried again at `next_attempt_at`
    KEPT = "kept"
    DUPLICATE = "duplicate"  # the same URL identity as an earlier entry; a syndicated copy is KEPT
    OFF_TOPIC = "off_topic"
    REJECTED = "rejected"
    GONE = "gone"  # the page could never be had: 404 or 410 at first fetch
    GIVEN_UP = "given_up"  # temporary failures outlasted our patience, and the feed's own text was too short
    FORGOTTEN = "forgotten"


WORKING_STATES = frozenset({State.LISTED, State.WAITING})


class Stage(StrEnum):
    """The next stage that an entry in a working state needs."""

    RESOLVE = "resolve"  # a search service's finding: whose story is it?
    FETCH = "fetch"
    EXTRACT = "extract"
    MATCH = "match"


class Reason(StrEnum):
    """Why an entry, a page or a request went no further. Every final state but `kept` has one."""

    # listing
    NO_LINK = "no_link"
    NOT_HTTP = "not_http"
    # identity
    SAME_ID = "same_id"  # another feed of the outlet lists the same item
    SAME_URL = "same_url"
    SAME_CANONICAL = "same_canonical"
    SAME_TITLE = "same_title"  # a search service's finding, known from the outlet's own feed
    UNRESOLVED = "unresolved"  # a search service's finding that no feed of ours lists
    # fetching
    ROBOTS = "robots"
    TDM_RESERVED = "tdm_reserved"  # text and data mining is reserved, and sources.yaml names no permission
    ROBOTS_UNAVAILABLE = "robots_unavailable"  # no answer or 5xx: nothing may be fetched for now (RFC 9309 2.3.1.4)
    PRIVATE_ADDRESS = "private_address"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_URL = "bad_url"
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    TLS = "tls"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    CLIENT_ERROR = "client_error"
    NOT_FOUND = "not_found"
    REMOVED = "removed"
    BAD_ENCODING = "bad_encoding"
    INTERRUPTED = "interrupted"
    HOST_PAUSED = "host_paused"  # not asked: the host wants a pause
    CHALLENGE = "challenge"  # a guard against robots answered instead of the outlet
    # reading a feed
    NOT_A_FEED = "not_a_feed"
    EMPTY_BODY = "empty_body"
    TOO_COSTLY = "too_costly"
    WORKER_DIED = "worker_died"  # the process that read it ended by itself
    # reading a page
    CONSENT_WALL = "consent_wall"
    LOGIN_WALL = "login_wall"
    INDEX_PAGE = "index_page"  # a front page, a tag, a list of stories
    SOFT_404 = "soft_404"  # "not found", served with 200
    VIDEO_PAGE = "video_page"
    GALLERY = "gallery"
    SCRIPT_ONLY = "script_only"  # the text comes with a script that we do not run
    UNPARSABLE = "unparsable"  # nested deeper, or a node larger, than libxml2 reads
    WRONG_LANGUAGE = "wrong_language"  # a few words of English on a page in another language: not the article
    NO_TEXT = "no_text"
    TOO_SHORT = "too_short"
    EXTRACTOR_FAILED = "extractor_failed"
    # relevance
    NO_MATCH = "no_match"
    # a person
    FORGOTTEN = "forgotten"


# Worth another attempt later: nothing says that the page itself is wrong.
TEMPORARY_REASONS = frozenset(
    {
        Reason.ROBOTS_UNAVAILABLE,
        Reason.TIMEOUT,
        Reason.CONNECTION,
        Reason.TLS,
        Reason.THROTTLED,
        Reason.SERVER_ERROR,
        Reason.BAD_ENCODING,
        Reason.CHALLENGE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One item that went no further.

    Attributes:
        reason: the name it is counted under.
        detail: what was seen, for `presswatch explain`; never shown as a count.
    """

    reason: Reason
    detail: str = ""
