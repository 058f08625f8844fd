"""``python -m denwa.healthcheck``: ends with 0 when the platform in this container is ready, and says why when not."""

from __future__ import annotations

import http.client
import sys

from kernel.settings import Settings

ANSWER_SECONDS = 5.0


def main(port: int) -> int:
    """Ask ``/readyz`` on ``port`` of loopback."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        print(answer.read().decode())
    except OSError as error:
        print(f"nobody answers on port {port}: {error}")
        return 1
    finally:
        connection.close()
    return 0 if answer.status == http.HTTPStatus.OK else 1


if __name__ == "__main__":
    sys.exit(main(Settings().metrics_port))
