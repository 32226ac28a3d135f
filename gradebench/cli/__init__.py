"""The command line.

`app.py` declares what can be typed and needs nothing of Django, so that `--help` is immediate. Each
command calls `start.ready()` and then imports the module that does the work; `border.py` turns what
went wrong into one sentence and an exit code.
"""
