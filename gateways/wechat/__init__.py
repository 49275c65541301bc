"""WeChat as its documents say (developers.weixin.qq.com/miniprogram/dev, /doc/offiaccount)."""
