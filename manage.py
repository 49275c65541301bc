#!/usr/bin/env python
"""Django's command line. `script/manage …` runs it inside the set-up, with the embedded services up."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
