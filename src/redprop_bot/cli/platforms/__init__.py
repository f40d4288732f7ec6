"""Looking at the accounts on both platforms and saying in plain Chinese what is not right and what to do.

    inspecting   what is looked at, one line each          callbacks   our own address, as the platforms see it
    explaining   from an error to a cause and a remedy     comparing   menus and templates, ours and the account's

Reading only, but for `menu push`. No token and no secret is ever printed.
"""
