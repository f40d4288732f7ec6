"""多方助力: members and volunteers, activities, check-in, the ledger of points, shop, wishes, visits, matching.

Steps in the sense of `loop`: each runs inside one transaction, changes rows and appends events. Wording, pages and
platform words live elsewhere; meetings and projects in `council`.
"""
