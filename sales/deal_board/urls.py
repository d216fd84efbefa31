from __future__ import annotations

from django.urls import URLPattern

from core.back_office_board_pages import board_urls
from sales.deal_board.page import DealBoard


def back_office_urls() -> list[URLPattern]:
    """Pages inside the back office's site."""
    return board_urls(DealBoard, "sales/board")
