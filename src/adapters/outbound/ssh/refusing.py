"""Puts into words why a host refused us, or we the host."""

from ....application.ports.authenticator import Access
from .failures import SshFailed, place
from .host_keys import KeyLine
from .key_files import certificate_of, trust_noted


def refused(access: Access) -> SshFailed:
    """What is said of a host that does not let us in; blocks while it reads our certificate."""
    where, certificate = place(access.address, access.port), certificate_of(access.key_file)
    if certificate is None:
        return SshFailed(
            "login_refused",
            f"{where} does not let the account {access.user!r} in with the key {access.key_file}. Put its "
            f"public key into ~/.ssh/authorized_keys of that account on the host.",
        )
    if certificate.is_over:
        return SshFailed(
            "certificate_expired",
            f"The certificate for {access.user!r} at {where} ended at {certificate.until:%Y-%m-%d %H:%M:%S} "
            "UTC, and a new one was not issued.",
        )
    trusted_as = trust_noted(access.key_file)
    if trusted_as is not None and trusted_as != access.user:
        return SshFailed(
            "principal_refused",
            f"{where} trusts the hub's CA (it let {trusted_as!r} in), and yet refuses the certificate for "
            f"{access.user!r}. Either there is no such account, or an AuthorizedPrincipalsFile without the "
            f"line {access.user!r} for it, or sshd_config keeps it out, or the certificate was revoked.",
        )
    seen = f", see the hub at {certificate.source_address}" if certificate.source_address else ""
    return SshFailed(
        "login_refused",
        f"{where} refuses the certificate for the account {access.user!r}. It must have that account, trust "
        f"the hub's CA {certificate.authority} (`multiplespawner ca` prints the lines), let the principal "
        f"{', '.join(certificate.principals)!r} in if it has an AuthorizedPrincipalsFile{seen}, and have the "
        "right time.",
    )


def not_the_host(access: Access, shown: str, known_hosts: str, why: str) -> SshFailed:
    """What is said of a host that shows a key, told by its fingerprint, that it must not have."""
    where = place(access.address, access.port)
    if not known_hosts.strip():
        return SshFailed(
            "host_key_unknown", f"The host {where} shows {shown}, and nothing says which key it must have."
        )
    wanted = ", ".join(_expected(line) for line in known_hosts.splitlines())
    return SshFailed(
        "host_key_mismatch",
        f"The host {where} shows the key {shown}, and must show {wanted} ({why}). It may be another machine, "
        "or somebody in between: nothing was sent to it.",
    )


def _expected(line: str) -> str:
    *marker, _, kind, data = line.split()
    said = KeyLine(kind, data).fingerprint
    return f"a certificate of the host CA {said}" if marker else said
