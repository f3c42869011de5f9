"""Places in status lists: each once, at random, with decoys, and new lists in time."""

from __future__ import annotations

from itertools import pairwise
from threading import Barrier, Thread

from registers import STATUS, Office
from simulator import NOW
from testamur import build
from testamur.register import Register
from testamur.register.issuers import require_issuer
from testamur.register.places import give, reserve

LENGTH = 131_072
USED = LENGTH * 3 // 4


def places_of(office: Office, count: int) -> list[tuple[str, int]]:
    with office.register.writing() as writing:
        issuer = require_issuer(writing.connection, office.id)
        reservation = reserve(writing, issuer, count)
        return [
            (place.list_url, place.index)
            for position in range(reservation.first, reservation.first + count)
            for place in reservation.places(position)
            if place.purpose == "revocation"
        ]


def test_a_whole_list_and_more_is_given_without_giving_a_place_twice(light: Office) -> None:
    found = [place for _ in range(4) for place in places_of(light, 25_000)]
    assert len(set(found)) == len(found) == 100_000
    by_list: dict[str, set[int]] = {}
    for url, index in found:
        by_list.setdefault(url, set()).add(index)
    sizes = [len(each) for each in by_list.values()]
    assert sizes == [USED, 100_000 - USED]
    assert all(0 <= index < LENGTH for _, index in found)


def test_places_are_spread_evenly_and_in_no_order(light: Office) -> None:
    indexes = [index for _, index in places_of(light, 16_000)]
    # Chi-square over 64 parts of the list: 63 degrees of freedom, of which 0.999 lie below 103.4.
    counts = [0] * 64
    for index in indexes:
        counts[index * 64 // LENGTH] += 1
    expected = len(indexes) / 64
    assert sum((count - expected) ** 2 / expected for count in counts) < 130
    # Rising neighbours are half of all: within seven standard deviations (sqrt(n / 12)).
    rising = sum(one < other for one, other in pairwise(indexes))
    assert abs(rising - len(indexes) / 2) < 7 * (len(indexes) / 12) ** 0.5


def test_next_list_is_open_before_the_last_one_is_half_full(light: Office) -> None:
    def numbers() -> int:
        found = light.register.lists.of(light.id)
        return sum(each.purpose == "revocation" for each in found)

    places_of(light, USED // 2)
    assert numbers() == 1
    places_of(light, 1)
    assert numbers() == 2
    places_of(light, USED)
    assert numbers() == 3


def test_decoys_are_places_that_nobody_has(light: Office) -> None:
    issued = [light.issuer.issue(light.credential(), key=str(each)) for each in range(16)]
    for each in issued:
        light.issuer.revoke(each.id, reason="a mistake")
    lists = [each for each in light.register.lists.of(light.id) if each.purpose == "revocation"]
    bits = light.register.lists.bits(lists[0])
    taken = set()
    for each in issued:
        record = light.register.credentials.find(each.id)
        assert record is not None
        taken |= {place.index for place in record.places if place.purpose == "revocation"}
    assert all(bits.get(index) for index in taken)
    # Each of 16 tosses sets a decoy or none.
    assert 16 <= bits.count_set() <= 32
    given = {index for _, index in places_of(light, 60_000)} | taken
    decoys = {index for index in range(LENGTH) if bits.get(index)} - taken
    assert not decoys & given


def test_after_a_restore_allocation_begins_in_new_lists(light: Office) -> None:
    before = places_of(light, 5)
    light.register.lists.begin_anew(light.id, reason="restored from last night's backup")
    after = places_of(light, 5)
    assert {url for url, _ in before}.isdisjoint(url for url, _ in after)
    assert all(url.startswith(STATUS) for url, _ in after)
    # The old lists are published as before.
    urls = {each.url for each in light.register.lists.of(light.id)}
    assert {url for url, _ in before} <= urls


def test_lists_of_two_issuers_never_meet(light: Office) -> None:
    other = build.profile(id="did:web:other.example", name="Other")
    light.register.issuers.add(other)
    light.register.lists.open_series(other.id, folder_url=STATUS)
    urls = [each.url for each in light.register.lists.of(light.id)]
    assert set(urls).isdisjoint(each.url for each in light.register.lists.of(other.id))


def test_places_are_given_once_to_threads_with_connections_of_their_own(office: Office) -> None:
    found: list[tuple[str, int]] = []
    barrier = Barrier(4)

    def run() -> None:
        with Register.open(office.url, now=lambda: NOW) as register:
            barrier.wait()
            for _ in range(10):
                with register.writing() as writing:
                    issuer = require_issuer(writing.connection, office.id)
                    reservation = reserve(writing, issuer, 3)
                    give(writing, reservation, reservation.first, ())
                found.extend(
                    (place.list_url, place.index)
                    for position in range(reservation.first, reservation.first + 3)
                    for place in reservation.places(position)
                )

    threads = [Thread(target=run) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == len(set(found)) == 4 * 10 * 3 * 2
