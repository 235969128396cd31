#!/bin/sh
# Sees to it that nats-server is there, which the tests of workers elsewhere and of federations need: installs Debian's package as root, otherwise says what to do.
set -eu
if command -v nats-server >/dev/null || [ -x /usr/sbin/nats-server ]; then exit 0; fi
if [ "$(id -u)" -ne 0 ]; then
  echo "the tests need a message broker: sudo apt-get install nats-server" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y --no-install-recommends nats-server >/dev/null
