"""The request loop (诉求): residents say what is wrong, a person answers by a time, the resident has the last word."""
