#!/bin/sh
# Sees to the packages of packages.txt: installs what is missing where it may, else says which
# command does it and fails, before anything else is begun.
set -eu
list=$(sed 's/#.*//' "$(dirname "$0")/packages.txt" | tr -s '\n' ' ')

is_installed() {
  case "$(dpkg-query --show --showformat '${Status}' "$1" 2>/dev/null)" in
    *" ok installed") true ;;
    *) false ;;
  esac
}

if ! command -v dpkg-query >/dev/null; then
  for program in chromium psql soffice pdftoppm systemd-analyze; do
    command -v "$program" >/dev/null && continue
    echo "make test: $program is missing; install what Debian calls: $list" >&2
    exit 69
  done
  exit 0
fi

missing=
for package in $list; do
  is_installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "make test: the tests need packages that are missing. This installs them:" >&2
  echo "  sudo apt-get update && sudo apt-get install --no-install-recommends$missing" >&2
  exit 69
fi
echo "make test: installing$missing" >&2
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
