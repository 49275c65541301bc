"""The dispute loop: mediation at three levels, from the building's party group to the community, and the street above."""
