#!/bin/sh
# Two remotes: what the first has no money for is bought at the second; what nobody gives is a task for a person.
# Needs cpbillmgr on the PATH. Works in a folder of its own and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here"/*.csv "$here"/*.toml "$here"/*.conf "$work"
chmod 600 "$work/cpbillmgr.toml"
python3 "$here/world.py" cheap 5.00 >"$work/cheap.json"
python3 "$here/world.py" dear 100.00 >"$work/dear.json"
cd "$work"
export CPBILLMGR_SETTINGS="$work/cpbillmgr.toml"

run() {
    printf '\n$ cpbillmgr %s\n' "$*"
    cpbillmgr "$@" 2>&1 || printf '(exit code %s)\n' "$?"
}

run remote list
run remote balance
run service import services.csv

# The plan is one, over both remotes. 'Small' is sold by both, and 'cheap' comes first; 'Big' by 'cheap' alone.
run fixchilds --dry-run

# The money at 'cheap' is enough for one license. The other small one is bought at 'dear'; nobody else has the big one.
run fixchilds --yes --max-spend 50
run license list --remote cheap
run license list --remote dear

# What failed is a task, which names its service. It is told once by checkevent, to its department.
run operation list --tasks
run checkevent

# With money in the account, the operation is started again.
python3 - <<'TOP_UP'
import json
from pathlib import Path

world = json.loads(Path("cheap.json").read_text())
world["account"]["balance"] = "100.00"
Path("cheap.json").write_text(json.dumps(world))
TOP_UP
id=$(cpbillmgr operation list --tasks -q | head -n 1)
run operation restart "$id"
run operation list --tasks
run fixchilds
