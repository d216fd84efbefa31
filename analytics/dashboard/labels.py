from __future__ import annotations


def tier_label(tier: int | None) -> str:
    """T0 to T5; "" without a tier."""
    return "" if tier is None else f"T{tier}"
