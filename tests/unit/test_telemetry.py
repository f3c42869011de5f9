"""What an application with OpenTelemetry's SDK sees, and one without does not."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from filled_register import ISSUER, SIGNER, clock
from testamur import AllowList, Verifier, build, issue
from testamur.canon.strict_json import JsonObject
from testamur.errors import ModelError
from testamur.issuer import Issuer
from testamur.register import Register

EMAIL = "ada@learner.example"
_READER = InMemoryMetricReader()
_SPANS = InMemorySpanExporter()


@pytest.fixture(scope="module", autouse=True)
def sdk() -> Iterator[None]:
    """Set up the SDK, as an application does; it can be done once in a process."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(_SPANS))
    trace.set_tracer_provider(provider)
    meters = MeterProvider([_READER])
    metrics.set_meter_provider(meters)
    yield
    meters.shutdown()
    provider.shutdown()


@pytest.fixture
def spans() -> InMemorySpanExporter:
    _SPANS.clear()
    return _SPANS


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[Issuer]:
    with Register.open_or_create(f"sqlite:///{tmp_path / 'r.db'}", now=clock) as register:
        register.issuers.add(build.profile(id=ISSUER, name="Example University"))
        register.keys.add(SIGNER.key.public_key, SIGNER.verification_method)
        register.lists.open_series(ISSUER, folder_url="https://uni.example/status/")
        yield Issuer(register, SIGNER)


def badge() -> Any:
    return build.credential(
        build.profile(id=ISSUER, name="Example University"),
        build.achievement(
            id="https://uni.example/a", name="Statistics", description="Of data.", criteria="Test."
        ),
        recipient=build.recipient_by_email(EMAIL),
        valid_from=datetime(2026, 6, 1, tzinfo=UTC),
    )


def counted(name: str) -> dict[str, int]:
    """Return what a counter says, by the value of its attribute."""
    found: dict[str, int] = {}
    data = _READER.get_metrics_data()
    for resource in data.resource_metrics if data is not None else ():
        for scope in resource.scope_metrics:
            assert scope.scope.name == "testamur"
            for metric in scope.metrics:
                for point in metric.data.data_points if metric.name == name else ():
                    attributes = point.attributes or {}
                    key = ",".join(str(each) for each in attributes.values())
                    found[key] = int(getattr(point, "value", 0))
    return found


def test_issuing_is_a_span_with_signing_inside(issuer: Issuer, spans: InMemorySpanExporter) -> None:
    before = counted("testamur.events").get("credential.issued", 0)
    issued = issuer.issue(badge(), recipient=EMAIL)
    issuer.revoke(issued.id, reason="Ada asked for it")
    finished = spans.get_finished_spans()
    [issuing] = [each for each in finished if each.name == "testamur.issue"]
    assert issuing.context is not None
    number = issuing.context.span_id
    inside = [each for each in finished if each.parent and each.parent.span_id == number]
    assert inside[0].name == "testamur.sign"
    assert dict(inside[0].attributes or {}) == {"testamur.mechanism": "eddsa-rdfc-2022"}
    assert counted("testamur.events")["credential.issued"] == before + 1
    assert counted("testamur.events")["credential.revoked"] >= 1


def test_verifying_says_its_verdict(spans: InMemorySpanExporter) -> None:
    verifier = Verifier(trust=AllowList({}), now=datetime(2026, 6, 2, tzinfo=UTC))
    before = counted("testamur.verifications")
    verifier.examine(b"{}")
    [span] = [each for each in spans.get_finished_spans() if each.name == "testamur.verify"]
    verdict = (span.attributes or {})["testamur.verdict"]
    assert counted("testamur.verifications")[str(verdict)] == before.get(str(verdict), 0) + 1


def test_error_is_told_by_type_and_code_and_not_by_its_message(
    spans: InMemorySpanExporter,
) -> None:
    with pytest.raises(ModelError):
        issue({"id": f"mailto:{EMAIL}"}, signer=SIGNER, now=clock())
    [span] = spans.get_finished_spans()
    assert not span.status.is_ok
    assert span.status.description is None
    assert span.events == ()
    attributes = dict(span.attributes or {})
    assert attributes["error.type"] == "ModelError"
    assert set(attributes) == {"testamur.mechanism", "error.type", "testamur.code"}


def test_nothing_that_names_a_person_is_in_a_span_or_a_log(
    issuer: Issuer, spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="testamur")
    issued = issuer.issue(badge(), key=f"award of {EMAIL}", recipient=EMAIL)
    issuer.revoke(issued.id, reason=f"{EMAIL} asked for it")
    written = "".join(each.to_json() for each in spans.get_finished_spans())
    assert issued.id not in written
    logged = "".join(str(vars(each)) for each in caplog.records)
    assert "credential.revoked" in logged
    for each in (EMAIL, "asked for it"):
        assert each not in written + logged


def test_log_records_hold_what_happened_as_fields(
    issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="testamur.register")
    issued = issuer.issue(badge(), recipient=EMAIL)
    record: JsonObject = vars(caplog.records[-1])
    assert (record["event"], record["subject"]) == ("credential.issued", issued.id)


def test_opentelemetry_is_not_loaded_by_us() -> None:
    code = (
        "import sys; from datetime import datetime, UTC;"
        "from testamur import AllowList, Verifier;"
        "Verifier(trust=AllowList({}), now=datetime.now(UTC)).examine(b'{}');"
        "print(any(each.startswith('opentelemetry') for each in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
