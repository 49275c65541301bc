"""Mutation testing: small faults are planted in a copy of the code, one at a time, and tests that stand by must fail.
`script/mutants` runs it; docs/testing.md says how to read what it reports."""
