"""The field's papers, filled from the case: what each is (kinds.py), what stands in it (contents.py), how it is set as PDF
(pdf.py) and as a text to go on with (word.py), and the whole file (whole.py). Reads models; writes nothing."""
