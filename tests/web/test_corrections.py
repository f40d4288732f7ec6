"""What a secretary sets right in chat or by the API comes out as examples that tell nobody who said them."""

import json
from datetime import timedelta

import pytest
import yaml

from redprop_bot.cli import main
from redprop_bot.clock import sweeping
from redprop_bot.simulated.talking import Phone, Town
from redprop_bot.understand.load import load_lexicon

RESIDENT, SECRETARY = Phone.of("resident:o-ning"), Phone.of("work:linsj")
SAID = "我是祝晓宁，海棠苑3栋2单元501的电梯老停，找过郝师傅，电话13912345678"
SECRETS = ["祝晓宁", "501", "3栋", "郝师傅", "13912345678", "海棠苑"]


@pytest.fixture
def command(small_house, monkeypatch, capsys, tmp_path):
    """Runs a command against the database of the house; gives exit code and output."""
    monkeypatch.setenv("REDPROP_DATABASE_URL", small_house.office.settings.database_url)
    monkeypatch.setenv("REDPROP_SECRET_KEY", "0" * 32)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, capsys.readouterr()

    return run


async def test_a_correction_by_chat_is_exported_scrubbed_and_reads_as_an_example(small_house, command, tmp_path):
    """Role, labels and how it had been heard stand there; persons, rooms and phones do not, not even in the row."""
    town = Town(small_house.office)
    town.say(RESIDENT, SAID)
    assert "已更正" in town.say(SECRETARY, "更正 1 类别 用电与照明").text
    out = tmp_path / "corrections.yaml"
    code, said = command("corrections", "export", out)
    assert code == 0, said.err
    text = out.read_text("utf-8")
    assert [secret for secret in SECRETS if secret in text] == []
    (group,) = yaml.safe_load(text)["groups"]
    assert (group["intent"], group["category"], group["role"]) == ("demand.report", "power", "resident")
    assert group["note"].startswith("原来听成 报事·电梯")
    assert "〔小区〕〔地址〕" in group["texts"][0]
    (tmp_path / "mine/intents").mkdir(parents=True)
    out.rename(tmp_path / "mine/intents/corrections.yaml")
    (example,) = load_lexicon([tmp_path / "mine"], with_model=False).examples
    assert example.labels[0].category == "power"
    _, listed = command("corrections", "list")
    assert "报事·电梯" in listed.out
    assert [secret for secret in SECRETS if secret in listed.out] == []


async def test_a_correction_by_the_api_is_exported_too(small_house, command, tmp_path):
    """The same step, the same example; urgency counts as well."""
    token = small_house.token("secretary", community="海棠社区")
    item = await small_house.report(token, "海棠苑1栋垃圾堆着，306室的冉阿姨天天喊臭")
    status, _ = await small_house.act(token, item["no"], "correct", urgency="urgent")
    assert status == 200
    assert command("corrections", "export", tmp_path / "a.yaml")[0] == 0
    text = (tmp_path / "a.yaml").read_text("utf-8")
    assert yaml.safe_load(text)["groups"][0]["urgency"] == "urgent"
    assert "306" not in text
    assert "冉阿姨" not in text


async def test_another_unit_is_an_example_where_it_answers_for_the_category_and_a_question_where_not(
    small_house, command, tmp_path
):
    """A unit that keeps no such matters says that the category may be wrong: a person decides, nobody learns it."""
    token = small_house.token("admin")
    known = await small_house.report(token, "海棠苑1栋1单元电梯坏了")
    doubtful = await small_house.report(token, "海棠苑3栋的垃圾没人收")
    await small_house.act(token, known["no"], "dispatch", to="金秋物业")
    await small_house.act(token, doubtful["no"], "dispatch", to="望月供水所")
    command("corrections", "export", tmp_path / "a.yaml")
    text = (tmp_path / "a.yaml").read_text("utf-8")
    (group,) = yaml.safe_load(text)["groups"]
    assert (group["category"], group["unit"]) == ("elevator", "金秋物业")
    assert "春晖物业" in group["note"]
    assert "# 春晖物业 → 望月供水所：〔小区〕〔地址〕的垃圾没人收" in text


async def test_what_is_set_back_teaches_nothing(small_house, command, tmp_path):
    """A slip of the secretary leaves no example; a place that is corrected never made one."""
    token = small_house.token("admin")
    item = await small_house.report(token)
    await small_house.act(token, item["no"], "correct", building="1")
    await small_house.act(token, item["no"], "correct", category="power")
    await small_house.act(token, item["no"], "correct", category="elevator")
    code, said = command("corrections", "export", tmp_path / "a.yaml")
    assert (code, (tmp_path / "a.yaml").exists()) == (0, False)
    assert "还没有可以学的例句" in said.out


async def test_of_a_message_that_says_two_things_only_the_words_of_the_one_are_learnt(
    small_house, command, tmp_path
):
    """Otherwise the other half would be taught the wrong label."""
    town = Town(small_house.office)
    town.say(RESIDENT, "海棠苑3栋2单元的电梯坏了。另外1栋的垃圾三天没人收")
    town.say(SECRETARY, "更正 2 类别 房屋与公共设施")
    command("corrections", "export", tmp_path / "a.yaml")
    (group,) = yaml.safe_load((tmp_path / "a.yaml").read_text("utf-8"))["groups"]
    assert "垃圾" in group["texts"][0]
    assert "电梯" not in group["texts"][0]


async def test_an_export_never_writes_over_a_file_unasked(small_house, command, tmp_path):
    """Somebody may have looked through it and changed it."""
    town = Town(small_house.office)
    town.say(RESIDENT, SAID)
    town.say(SECRETARY, "更正 1 类别 用电与照明")
    (tmp_path / "a.yaml").write_text("mine", "utf-8")
    code, said = command("corrections", "export", tmp_path / "a.yaml")
    assert code == 2
    assert "--force" in said.err
    assert (tmp_path / "a.yaml").read_text("utf-8") == "mine"
    assert command("corrections", "export", tmp_path / "a.yaml", "--force")[0] == 0
    assert command("corrections", "export", tmp_path / "a.txt")[0] == 2
    assert command("corrections", "list", "--community", "无此社区")[0] == 2
    assert "电梯" not in command("corrections", "list", "--community", "银杏社区")[1].out


async def test_examples_are_kept_as_long_as_the_rule_says(small_house, clock, command):
    """After `corrections_days` they go by themselves."""
    town = Town(small_house.office)
    town.say(RESIDENT, SAID)
    town.say(SECRETARY, "更正 1 类别 用电与照明")
    days = small_house.office.content.limits.corrections_days
    clock.at += timedelta(days=days - 1)
    await sweeping.tidy(small_house.office.store)
    assert "用电" in command("corrections", "list")[1].out
    clock.at += timedelta(days=2)
    await sweeping.tidy(small_house.office.store)
    assert command("corrections", "list")[1].out == "还没有改正过的例句。\n"


async def test_the_examples_of_a_community_are_in_force_at_the_next_start(small_house, command, tmp_path):
    """What was exported is heard by `parse` with the folder set, at another address as well."""
    town = Town(small_house.office)
    town.say(RESIDENT, "海棠苑1栋1单元的冲凉房老是咕咚咕咚叫唤")
    town.say(SECRETARY, "更正 1 类别 燃气与供暖")
    (tmp_path / "mine/intents").mkdir(parents=True)
    assert command("corrections", "export", tmp_path / "mine/intents/corrections.yaml")[0] == 0
    (tmp_path / "in.jsonl").write_text(
        json.dumps(
            {"id": 1, "text": "海棠苑3栋2单元的冲凉房老是咕咚咕咚叫唤", "now": "2026-11-25T10:00:00+08:00"}
        ),
        "utf-8",
    )

    def category(folder):
        import os

        os.environ.pop("REDPROP_CONTENT_DIR", None)
        if folder:
            os.environ["REDPROP_CONTENT_DIR"] = str(folder)
        try:
            code, said = command("parse", tmp_path / "in.jsonl")
        finally:
            os.environ.pop("REDPROP_CONTENT_DIR", None)
        assert code == 0, said.err
        return json.loads(said.out)["acts"][0]["category"]

    assert category(None) != "gas_heat"
    assert category(tmp_path / "mine") == "gas_heat"
