"""Cases as people read them: lists, the story of one, its page without signing in, a workbook."""
