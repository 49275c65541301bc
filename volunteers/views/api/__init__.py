"""志愿服务 for apps, beside services and call-outs (volunteers/views/app.py)."""
