#!/bin/bash
# Installs what the tests need beside Go: the AWS CLI, from Debian.
set -euo pipefail

if [ -x /usr/bin/aws ]; then exit 0; fi
if ! command -v apt-get >/dev/null; then
  echo 'tools: no AWS CLI and no apt-get to install it with: its tests will be skipped' >&2
  exit 0
fi
as_root=
if [ "$(id -u)" != 0 ]; then as_root=sudo; fi
echo 'tools: installing the AWS CLI (awscli)'
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends awscli >/dev/null
