"""How it went: the figures of a period beside the last and last year's, the report and the tables made of them.

Counts are kept by the store, rates and ranks are rules; here they are put together and written out. No HTTP.
Estates are held against a standard (示范创建) here, too, companies against score sheets (考评) and in a yearly
opinion (年底评价意见), titles are put to the vote (评选表彰), and workers have their sheets (社区工作者考核).
"""
