"""Units and their pairing with communities (单位报到)."""
