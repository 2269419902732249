"""Sites: two host names in, whether one owner answers for both out."""

from __future__ import annotations

import ipaddress

_REGISTRY = 3  # letters at most of what stands before a country's code where anybody registers: com, gov, sc


def akin(one: str, other: str) -> bool:
    """Whether a redirect from one host to the other stays with the site: the same host, with or without
    `www.`, or names below one that somebody registered. An address is akin to itself alone.

    Which names can be registered is a list of 10,000 lines that changes monthly (publicsuffix.org); here a
    short label before a country's code (com.cn, gov.cn, sc.cn) is taken for one where anybody can. That errs
    to the safe side: a site that moves within such a name is asked about, never silently another.
    """
    if one == other:
        return True
    if _address(one) or _address(other):
        return False
    shared = []
    for left, right in zip(reversed(one.split(".")), reversed(other.split(".")), strict=False):
        if left != right:
            break
        shared.append(left)
    if len(shared) < 2:
        return False
    country, name = shared[:2]
    return len(shared) > 2 or not (len(country) == 2 and len(name) <= _REGISTRY)


def _address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
