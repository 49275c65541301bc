from dashboards.models.rollup import Counted, Mark, Rollup, Span, Tally

__all__ = ["Counted", "Mark", "Rollup", "Span", "Tally"]
