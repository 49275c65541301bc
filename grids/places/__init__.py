"""阵地: centres and tea tables, when they are open, who is within reach of one."""
