from dashboards.models.assessment import Indicator, IndicatorSet, Ranked, ScorerRole
from dashboards.models.plan import Plan, PlanItem
from dashboards.models.review import Appeal, Assessed, Evidence, Outcome, Review, Score, Scorer
from dashboards.models.rollup import Counted, Mark, Rollup, Span, Tally
from dashboards.models.sheet import SheetComment

__all__ = [
    "Appeal", "Assessed", "Counted", "Evidence", "Indicator", "IndicatorSet", "Mark", "Outcome", "Plan", "PlanItem",
    "Ranked", "Review", "Rollup", "Score", "Scorer", "ScorerRole", "SheetComment", "Span", "Tally",
]  # fmt: skip
