from django.urls import path

from dashboards.assessments.desk import plans, reviews, scoring, sets

REVIEW = "assessment/<uuid:key>/"
urlpatterns = [
    path("assessment/", reviews.listed, name="assessment"),
    path("assessment/sets/", sets.listed, name="assessment-sets"),
    path("assessment/sets/<int:set_id>/", sets.shown, name="assessment-set"),
    path("assessment/sets/<int:set_id>/copy/<int:street_id>/", sets.copy, name="assessment-set-copy"),
    path("assessment/sets/<int:set_id>/new/", sets.indicator, name="indicator-new"),
    path("assessment/sets/<int:set_id>/<int:indicator_id>/", sets.indicator, name="indicator"),
    path("assessment/sets/<int:set_id>/<int:indicator_id>/drop/", sets.drop, name="indicator-drop"),
    path("assessment/new/<int:street_id>/", reviews.new, name="assessment-new"),
    path("assessment/plans/<int:plan_id>/", plans.shown, name="plan"),
    path("assessment/plans/<int:plan_id>/decide/", plans.decide, name="plan-decide"),
    path("assessment/plans/<int:plan_id>/item/", plans.item, name="plan-item"),
    path(REVIEW, reviews.review, name="assessment-review"),
    path(f"{REVIEW}scorers/", reviews.scorers, name="assessment-scorers"),
    path(f"{REVIEW}step/", reviews.step, name="assessment-step"),
    path(f"{REVIEW}nodes/<int:assessed_id>/", reviews.node, name="assessment-node"),
    path(f"{REVIEW}outcomes/<int:outcome_id>/appeal/", reviews.appeal, name="appeal"),
    path(f"{REVIEW}appeals/<int:appeal_id>/", reviews.answer, name="appeal-answer"),
    path(f"{REVIEW}score/", scoring.places, name="assessment-places"),
    path(f"{REVIEW}score/<int:assessed_id>/", scoring.score, name="assessment-score"),
    path(f"{REVIEW}photos/<int:photo_id>/", scoring.evidence, name="evidence"),
]
