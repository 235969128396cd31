#!/bin/sh
# Sees to it that Electron and Xvfb can start on this Debian or Ubuntu: installs what is missing as root, otherwise says what to do.
set -eu
packages='xvfb xauth libgtk-3-0 libnss3 libasound2 libgbm1 libatk-bridge2.0-0 libcups2 libdrm2 libxkbcommon0 libxss1 libnotify4 fonts-liberation'
missing=''
for package in $packages; do
  # Newer releases carry some of them as NAMEt64.
  dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "Electron needs these packages: sudo apt-get install$missing" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -qq -y --no-install-recommends $missing >/dev/null
