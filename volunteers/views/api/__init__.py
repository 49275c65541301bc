"""志愿服务 for apps."""
