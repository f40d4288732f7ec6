"""The loop: 点单 order, 派单 dispatch, 接单 accept and fulfil, 评价 confirm, 提级 escalate, 助力 assist.

Each step is a plain function over a transaction: it checks role and stage, changes the demand and appends events
in one go. Who is told follows from the events (`notify`); what is said in chat is `dialogue`. No platform words,
no wording, no SQL here.
"""
