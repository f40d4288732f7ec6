"""Posters with a code (`/console/posters`): A4 sheets for notice boards, for an estate and each building.

    codes    the platform's code for a scene, asked for once; in the demo, and without an account, an address
    sheets   what stands on a sheet
    printing the page of all sheets of an estate; `web.api.posters` gives the same to other systems

Whoever scans one is at home in the chat: the scene says where.
"""
