"""What residents write for everybody is shown once somebody has said yes: WeChat's check of words, or a person of the
community's desk. The room knows no kind of text; rooms above register theirs."""
