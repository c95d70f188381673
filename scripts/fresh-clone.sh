#!/usr/bin/env bash
# Runs the README's two commands as somebody does who has just cloned the project: a clone of what is committed here, an empty
# environment, a new home, and no Postgres anywhere on the machine.
#
# Usage: scripts/fresh-clone.sh [demo|test|both]            as the user who calls it
#        sudo scripts/fresh-clone.sh [demo|test|both] USER   as that user; the clone belongs to it
#
# Root hides the system's Postgres in a mount namespace of its own; nobody else can, and is told which one would be found.
set -euo pipefail

what=${1:-both}
user=${2:-$(id -un)}
project=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
case $what in demo | test | both) ;; *) echo "usage: $0 [demo|test|both] [USER]" >&2 && exit 2 ;; esac

place=$(mktemp -d "${TMPDIR:-/tmp}/spoolgate-fresh-XXXXXX")
trap 'rm -rf "$place"' EXIT
mkdir "$place/home" "$place/bin" "$place/tmp"
# As /tmp is: tests under root let other users run programs, which keep files there.
chmod 1777 "$place/tmp"
git clone --quiet "file://$project" "$place/clone"
# A PATH with Node, npm, git and the system's basic tools, and nothing else that is installed.
tools="node npm npx git sh bash env ls cat cp mv rm mkdir mktemp chmod ln head tail sed grep sort uniq wc tr cut dirname basename uname
  date sleep kill ps id whoami tty stty true false test expr readlink realpath tar gzip which xargs find touch tee"
for tool in $tools; do
  found=$(type -P "$tool" || true)
  [[ -z $found ]] || ln -s "$(readlink -f "$found")" "$place/bin/$tool"
done
# npm and npx are scripts that look for their own folder beside themselves.
for tool in npm npx; do
  printf '#!/bin/sh\nexec "%s/bin/node" "%s" "$@"\n' "$place" "$(readlink -f "$(type -P $tool)")" >"$place/bin/$tool.new"
  chmod +x "$place/bin/$tool.new" && mv -f "$place/bin/$tool.new" "$place/bin/$tool"
done
chmod 755 "$place"
[[ $user == "$(id -un)" ]] || chown -R "$user" "$place"

# Settings of the machine's npm, such as a registry of its own, are the machine's and not the user's.
npmrc=$(npm config get globalconfig 2>/dev/null || true)
empty=(env -i "HOME=$place/home" "PATH=$place/bin" "TMPDIR=$place/tmp" "LANG=C.UTF-8" "USER=$user" "npm_config_globalconfig=$npmrc")
for name in npm_config_registry NODE_EXTRA_CA_CERTS HTTPS_PROXY https_proxy NO_PROXY no_proxy; do
  [[ -n ${!name:-} ]] && empty+=("$name=${!name}")
done

run() {
  echo "== $* (as $user)"
  local began=$SECONDS
  local command="cd '$place/clone' && $*"
  if [[ $(id -u) == 0 ]]; then
    local become=()
    [[ $user == root ]] || become=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --init-groups)
    local hide='for d in /usr/lib/postgresql /usr/local/pgsql; do [ ! -d $d ] || mount -t tmpfs none $d; done; exec "$@"'
    unshare --mount -- sh -c "$hide" sh "${become[@]}" "${empty[@]}" sh -c "$command"
  else
    for folder in /usr/lib/postgresql/*/bin; do [[ -d $folder ]] && echo "note: $folder is not hidden, which needs root"; done
    "${empty[@]}" sh -c "$command"
  fi
  echo "== done in $((SECONDS - began)) s"
}

left() {
  local files processes
  files=$(find "$place/tmp" -mindepth 1 -maxdepth 1 -name 'spoolgate-*' -printf '%f ')
  # The words to look for come from a file, as they would otherwise stand in grep's own command line.
  processes=$(grep -zlsF -f /dev/fd/3 /proc/[0-9]*/cmdline 3<<<"$place" || true)
  if [[ -n $files || -n $processes ]]; then
    echo "left behind: $files $processes" >&2
    exit 1
  fi
}

if [[ $what != test ]]; then
  run "npm ci && npm run demo"
  left
fi
if [[ $what != demo ]]; then
  run "npm ci && npm test"
  left
fi
echo "== a fresh clone works"
