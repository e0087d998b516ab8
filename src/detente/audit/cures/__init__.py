"""The cheapest single change after which a party is no longer tempted, found by trying and judged anew."""

from detente.audit.cures.cheapest import with_cures

__all__ = ["with_cures"]
