"""Time: what is due is done, by a ticking scheduler while serving, or once by a command.

This room owns no rule: what is due and what is then done stands in `loop.due`. Only this room knows apscheduler.
"""
