"""The field's papers, filled from the case: what each is (kinds.py), what stands in it (contents.py), how it is set
as a text to go on with (word.py), and the whole file (whole.py); as PDF by cases/papers. Reads models; writes nothing."""
