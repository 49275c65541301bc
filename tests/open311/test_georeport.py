"""A client that others wrote, georeport of PyPI, reads services and requests over the network, in both forms."""

import pytest
from georeport import GeoReport

from tests.open311.calls import filed
from tests.support.machine import TODAY


@pytest.fixture(params=["json", "xml"])
def client(request, live_server, report) -> GeoReport:
    return GeoReport(f"{live_server.url}/open311/v2", output_format=request.param)


def test_it_reads_services_and_what_one_asks_for(client, lamp):
    service = next(row for row in client.get_service_list() if row["service_code"] == str(lamp.pk))
    assert (service["service_name"], service["group"]) == ("坏灯", "试验类")
    assert client.get_service_definition(service["service_code"])["service_code"] == service["service_code"]


def test_it_reads_requests(client, report, lamp):
    case = filed(report)
    rows = client.get_service_requests(service_code=str(lamp.pk), status="open", start_date=TODAY.isoformat())
    row = rows if isinstance(rows, dict) else rows[0]  # of a list of one its XML makes no list
    assert (row["service_request_id"], row["service_name"]) == (case.number, "坏灯")
    by_number = client.get_service_request(case.number)
    assert by_number["status"] == "open"
    assert by_number["requested_datetime"] == row["requested_datetime"]
