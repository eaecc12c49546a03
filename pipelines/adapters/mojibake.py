"""The one door to ftfy: text that was encoded twice ("fÃ¼r"), as it was before.

Of ftfy's many repairs only that of the encoding is used: quotation marks, widths and spaces stay the outlet's.
"""

import re

import ftfy

# A letter that a first byte of UTF-8 becomes in windows-1252, and a character that its second byte becomes. In bytes
# it is what is looked for in a page, since most have none; whether it is mojibake is ftfy's to say.
_FOLLOWING = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122 "
_EVIDENT = re.compile(f"[\u00c2-\u00c5\u00c9-\u00d9\u00e0-\u00e9\u00f0][{_FOLLOWING}]")
_IN_BYTES = re.compile(
    rb"\xc3[\x82-\x85\x89-\x99\xa2-\xa9\xb0](?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]"
    rb"|\xe2\x80[\x93-\xba]|\xe2\x82\xac|\xe2\x84\xa2)"
)
_MOST_CHARS = 100_000


def may_be_in(body: bytes) -> bool:
    """False for a page without any trace of UTF-8 that was taken for windows-1252; a fraction of a millisecond."""
    return _IN_BYTES.search(body) is not None


def mended(text: str) -> str:
    """A text with each line that is UTF-8 read as another encoding put right; the very same text if none is."""
    if len(text) > _MOST_CHARS or not _EVIDENT.search(text):
        return text
    return "\n".join(ftfy.fix_encoding(line) if _EVIDENT.search(line) else line for line in text.split("\n"))
