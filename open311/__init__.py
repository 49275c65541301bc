"""Open311 GeoReport v2: other systems read and file requests by the standard (docs/open311.md)."""
