"""What a new driver knows of what another process rented."""

from houses import Outside
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches


async def test_a_provider_that_left_the_configuration_has_the_settings_it_rented_with():
    """It gives back as it rented; one that is still configured is as the configuration says."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    document = {"class": "a.Spawner", "kwargs": {}, "provider_settings": {"region": "north"}}
    house = outside.house()
    await house.start(outside.request(document=document))
    await house.driver.close()
    for has_left, expected in ((False, {}), (True, {"memory": {"region": "north"}})):
        later = outside.house()
        later.ports.providers.has_left = has_left
        await later.reconcile()
        await later.driver.settled()
        assert later.ports.providers.remembered == expected
        await later.driver.close()
