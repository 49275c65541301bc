"""Mediations of before, taken in with the outcome their record tells."""
