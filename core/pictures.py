"""Pictures that people upload: looked into, whatever their name says, and kept in one format."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from core.values import InvalidValue

CONTENT_TYPE = "image/webp"
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1200
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError)


def read_picture(content: bytes) -> bytes:
    """Return an uploaded picture as WebP, at most 1200 pixels wide and high.

    It is painted anew, so that neither where it was taken nor anything hidden in the file stays.
    Raises InvalidValue for what is no PNG, JPEG, WebP or GIF, is broken, or is too large.
    """
    if len(content) > MOST_BYTES:
        raise InvalidValue(f"cannot be larger than {MOST_BYTES // 1024**2} MB")
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(content), formats=FORMATS) as picture:
            warnings.simplefilter("ignore")  # of metadata that is thrown away
            if picture.width * picture.height > MOST_PIXELS:
                raise InvalidValue("has too many pixels")
            return _painted_anew(picture)
    except InvalidValue:
        raise
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise InvalidValue("must be a picture: PNG, JPEG, WebP or GIF") from error


def _painted_anew(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    target = BytesIO()
    plain.save(target, "WEBP", quality=85)
    return target.getvalue()
