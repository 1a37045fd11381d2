"""What is asked for when a session is started, and the commands that follow."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import field, frozen

from ...domain.allowance import Reserve
from ...domain.amounts import amounts
from ...domain.deployment import PlanDeployment
from ...domain.offers import Offer
from ...domain.resource import RequestResource
from ...domain.session import PlaceSession, RequestSession, SetExpiry
from ...domain.values import Selection, ServerId
from ...domain.world import Command, ForAllowance
from ..placing import Share


@frozen(kw_only=True)
class SessionRequest:
    """What is to be started, and for whom."""

    session: str
    resource: str
    server: ServerId
    user: str
    """The user's name now; kept apart from the log."""
    offer: Offer
    selection: Selection
    configuration: str
    """Digest of the configuration that allowed it."""
    groups: tuple[str, ...] = ()
    spawner_class: str
    document: Mapping[str, Any] = field(repr=False)
    """What the deployment can be made from again; goes to the private store."""
    authenticator: str | None = None
    """Digest of its settings; None without one."""
    configurer: str | None = None
    """Digest of what it applies; None without one."""
    request_id: str | None = None


def commands_for(
    request: SessionRequest,
    deployment: str,
    digest: str,
    token: str,
    allocation: str,
    shares: tuple[Share, ...],
    now: datetime,
) -> tuple[Command, ...]:
    """The commands of one request, carried out together or not at all.

    `digest` is that of the deployment's document; `allocation` says who allocates.
    """
    offer, selection = request.offer, request.selection
    taken = amounts(selection.hardware)
    reserve = (
        ForAllowance(share.stream, Reserve(request.resource, taken, share.limits, now)) for share in shares
    )
    return (
        *reserve,
        RequestSession(request.server, selection, request.configuration, request.groups),
        PlaceSession(request.resource, deployment),
        *_expiry(selection, now),
        RequestResource(
            offer.provider,
            offer.type,
            selection.hardware,
            offer.image,
            token,
            allocation,
            request.session,
            tuple(share.stream for share in shares),
        ),
        PlanDeployment(
            request.session,
            request.resource,
            offer.template,
            offer.entry,
            request.spawner_class,
            digest,
            request.authenticator,
            request.configurer,
        ),
    )


def _expiry(selection: Selection, now: datetime) -> tuple[SetExpiry, ...]:
    if selection.lifetime is None:
        return ()
    return (SetExpiry(now + timedelta(minutes=selection.lifetime)),)
