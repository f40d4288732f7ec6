"""Load on loopback: pre-packed deliveries of fresh reports, closed loop or at a rate. Ends by itself.

    python -m bench.load PORT APP_ID TOKEN KEY COUNT CONNECTIONS RATE START
prints JSON: {"count", "seconds", "per_second", "p50_ms", "p99_ms", "failed"}; RATE 0 is a closed loop.
"""

import asyncio
import json
import sys
import time

import aiohttp
from yarl import URL

from redprop_bot.channels.crypto import Cipher
from redprop_bot.simulated.letters import Seal, message_xml


def packed(seal: Seal, count: int, start: int) -> list[tuple[str, bytes]]:
    now = int(time.time())
    letters = []
    for n in range(start, start + count):
        xml = message_xml(
            {
                "ToUserName": "gh_bench",
                "FromUserName": f"bench-{n}",
                "CreateTime": now,
                "MsgType": "text",
                "Content": f"试苑{n % 997 + 1}栋{n % 7 + 1}单元{n}室的电梯坏了，老人下不了楼",
                "MsgId": 7_100_000_000_000_000_000 + n,
            }
        )
        letters.append(seal.pack(xml, account="gh_bench", now=now, openid=f"bench-{n}", encrypt_type="aes"))
    return letters


async def drive(port: int, letters: list[tuple[str, bytes]], connections: int, rate: float) -> dict[str, float]:
    times: list[float] = []
    failed = 0
    position = iter(range(len(letters)))
    begin = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def worker() -> None:
            nonlocal failed
            for n in position:
                if rate:
                    await asyncio.sleep(max(0.0, begin + n / rate - time.perf_counter()))
                query, body = letters[n]
                started = time.perf_counter()
                url = URL(f"http://127.0.0.1:{port}/wechat/oa?{query}", encoded=True)
                async with session.post(url, data=body, headers={"Content-Type": "text/xml"}) as answer:
                    failed += answer.status != 200 or len(await answer.read()) < 100
                times.append((time.perf_counter() - started) * 1000)

        await asyncio.gather(*(worker() for _ in range(connections)))
    seconds = time.perf_counter() - begin
    times.sort()
    return {
        "count": len(letters),
        "seconds": round(seconds, 3),
        "per_second": round(len(letters) / seconds, 1),
        "p50_ms": round(times[len(times) // 2], 2),
        "p99_ms": round(times[int(len(times) * 0.99)], 2),
        "failed": failed,
    }


def main() -> None:
    port, app_id, token, key = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    count, connections, rate, start = int(sys.argv[5]), int(sys.argv[6]), float(sys.argv[7]), int(sys.argv[8])
    letters = packed(Seal(token, Cipher(key, app_id)), count, start)
    print(json.dumps(asyncio.run(drive(port, letters, connections, rate))))


if __name__ == "__main__":
    main()
