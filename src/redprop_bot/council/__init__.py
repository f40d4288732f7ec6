"""联席会议 and what comes of it: meetings, agendas, votes, resolutions, minutes, projects, mediation.

Steps in the sense of `loop`: each runs inside one transaction, changes rows and appends events. Wording, pages and
platform words live elsewhere; points and activities in `volunteers`.
"""
