"""三常 of centres: 大门常开, 活动常态, 居民常来, month by month."""
