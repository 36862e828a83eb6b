#!/bin/sh
# The main job on a pretend remote: import our services, look at the plan, carry it out, see that it is done.
# Needs cpbillmgr on the PATH. Works in a folder of its own and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/../telling.sh"

cp "$here/inventory.json" "$here/cpbillmgr.toml" "$here/cpbillmgr5.conf" "$work"
chmod 600 "$work/cpbillmgr.toml"
python3 "$here/world.py" >"$work/world.json"
cd "$work"
export CPBILLMGR_SETTINGS="$work/cpbillmgr.toml"

run service import inventory.json
run service list
run fixchilds --dry-run
run fixchilds --yes
run fixchilds
