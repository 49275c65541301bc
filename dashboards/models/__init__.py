from dashboards.models.export import Export
from dashboards.models.publication import Publication
from dashboards.models.report import Report, Subscription
from dashboards.models.rollup import Counted, Mark, Rollup, Span, Tally

__all__ = ["Counted", "Export", "Mark", "Publication", "Report", "Rollup", "Span", "Subscription", "Tally"]
