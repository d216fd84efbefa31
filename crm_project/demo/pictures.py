"""Pictures for the demo: a logo, faces and products, painted here and now."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from accounts.pictures.services import set_avatar, set_logo
from accounts.users.models import User
from sales.products.models import Product
from sales.products.services import set_image

COLORS = ("#1d4ed8", "#0f766e", "#b45309", "#7c3aed", "#be123c", "#15803d", "#0369a1")
SQUARE, WIDE = (256, 256), (480, 320)  # pixels


def add_pictures(*, tenant_id: int, name: str, people: Iterable[User]) -> None:
    """Give the tenant acted for a logo, its people faces and its products pictures."""
    set_logo(tenant_id=tenant_id, content=_card(_initials(name), COLORS[0], SQUARE))
    for number, person in enumerate(people):
        color = COLORS[number % len(COLORS)]
        set_avatar(user_id=person.pk, content=_card(_initials(person.name), color, SQUARE))
    for product in Product.objects.order_by("pk"):
        color = COLORS[(product.category_id or 0) % len(COLORS)]
        set_image(product_id=product.pk, content=_card(product.sku, color, WIDE))


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


def _card(text: str, color: str, size: tuple[int, int]) -> bytes:
    """A PNG with some letters in the middle."""
    picture = Image.new("RGB", size, color)
    font = ImageFont.load_default(size=min(size[1] // 2, 2 * size[0] // max(len(text), 1) // 2))
    middle = (size[0] / 2, size[1] / 2)
    ImageDraw.Draw(picture).text(middle, text, fill="white", font=font, anchor="mm")
    target = BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
