"""In which encoding a text file is written, decided over the whole of it."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from prospects.imports.tables import Source, TableError

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
# Texts hold a stray control character now and then; pictures and programs hold little else.
_FEW_CONTROLS = 8
_MOST_CONTROLS = 0.02
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")

_KINDS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK": "a damaged or empty ZIP archive",
    b"\x1f\x8b": "a gzip archive: unpack it first",
    b"\xd0\xcf\x11\xe0": "an old or password-protected Excel workbook: save it as .xlsx",
    b"{\\rtf": "an RTF document",
}
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table)", re.IGNORECASE)


def find_encoding(source: Source) -> str:
    """The name of the codec: UTF-8 or UTF-16 by their marks, UTF-8 if all of it is, else Windows'.

    Files from Spanish Excel are cp1252; the five bytes which that leaves undefined mean Latin-1.
    Raises TableError for an empty file and for one that is no text.
    """
    with source.opened() as file:
        sample = file.read(_SAMPLE)
        _refuse_other_kinds(sample, source)
        if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        _refuse_binary(sample, source)
        if _is_utf8(file):
            return "utf-8-sig"
        file.seek(0)
        is_latin = any(_NOT_IN_CP1252.search(chunk) for chunk in _chunks(file))
        return "latin-1" if is_latin else "cp1252"


def _refuse_other_kinds(sample: bytes, source: Source) -> None:
    if not sample:
        raise TableError(f"{source.name} is empty")
    for mark, kind in _KINDS.items():
        if sample.startswith(mark):
            raise TableError(f"{source.name} is {kind}, neither CSV nor .xlsx")
    if _WEB_PAGE.match(sample):
        raise TableError(f"{source.name} is a web page or XML, neither CSV nor .xlsx")


def _refuse_binary(sample: bytes, source: Source) -> None:
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > max(_FEW_CONTROLS, len(sample) * _MOST_CONTROLS):
        raise TableError(f"{source.name} is not a text file")


def _is_utf8(file: BinaryIO) -> bool:
    """A character cut in two by the end of the file does not make it another encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
