async def test_both_asterisks_run(world):
    assert (await world.centre.ari("GET", "/asterisk/info"))["config"]["name"] == "centre"
