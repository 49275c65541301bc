"""The work desk: where staff work all day. One sidebar by work on every page of theirs, and what is to be done today."""
