"""Papers of any kind of case: what stands on one (sheet.py), how it is set as PDF (pdf.py, paper.typ), where it is kept
(files.py), and how anybody verifies one that was issued (issued.py). What is in a paper is the matter of the rooms above."""
