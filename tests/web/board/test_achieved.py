"""Projects on the board: results and progress without persons, those of the community and of the street."""

from bs4 import BeautifulSoup

PROJECT = {"lead": "春晖物业", "measures": [{"title": "换主机", "owner": "简经理"}]}


async def test_results_stand_there_and_nobody_in_person(small_house):
    """What was achieved and what runs; names of the register, phones and rooms are covered; another community has its own."""
    admin = small_house.token("admin")
    body = {**PROJECT, "title": "林书记领办的电梯更新", "community": "海棠社区"}
    _, item = await small_house.api("POST", "/projects", admin, body)
    await small_house.api("POST", "/projects", admin, {**PROJECT, "title": "全街道路灯整治"})
    await small_house.api("POST", "/projects", admin, {**PROJECT, "title": "银杏里停车", "community": "银杏社区"})
    path = f"/projects/{item['no']}/acts"
    await small_house.api("POST", path, admin, {"act": "finish", "measure": 1})
    told = "郝师傅换好了三台，301室王大爷打13911112222来谢，2栋503上官小燕也说好"
    await small_house.api("POST", path, admin, {"act": "complete", "result": told})
    page = BeautifulSoup(await (await small_house.client.get("/board/海棠社区")).text(), "html.parser")
    text = page.select_one('[aria-labelledby="s-achieved"]').text
    assert "换好了三台" in text
    assert "全街道路灯整治" in text
    assert "银杏里停车" not in text
    assert "春晖物业牵头" in text
    for told in ("林书记", "郝师傅", "13911112222", "301室", "简经理", "503", "上官小燕"):
        assert told not in text, told
