"""A report as PDF: A4, set by Typst from report.typ, which draws its charts itself."""

from pathlib import Path

from dashboards.reports.content import Content, definitions
from papers.pdf import Setting

TEMPLATE = Path(__file__).with_name("report.typ")


def report_pdf(content: Content) -> bytes:
    document = {**content, "definitions": [list(pair) for pair in definitions(content)]}
    return Setting(TEMPLATE).compile(document)
