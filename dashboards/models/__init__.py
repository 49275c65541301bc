from dashboards.models.assessment import Indicator, IndicatorSet, Ranked, ScorerRole
from dashboards.models.export import Export
from dashboards.models.plan import Plan, PlanItem
from dashboards.models.publication import Publication
from dashboards.models.report import Report, Subscription
from dashboards.models.review import Appeal, Assessed, Evidence, Outcome, Review, Score, Scorer
from dashboards.models.rollup import Counted, Mark, Rollup, Span, Tally
from dashboards.models.sheet import SheetComment

__all__ = [
    "Appeal", "Assessed", "Counted", "Evidence", "Export", "Indicator", "IndicatorSet", "Mark", "Outcome", "Plan",
    "PlanItem", "Publication", "Ranked", "Report", "Review", "Rollup", "Score", "Scorer", "ScorerRole", "SheetComment",
    "Span", "Subscription", "Tally",
]  # fmt: skip
