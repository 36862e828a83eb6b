#!/bin/sh
# Two remotes: what the first has no money for is bought at the second; what nobody gives is a task for a person.
# Needs cpbillmgr on the PATH. Works in a folder of its own and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/../telling.sh"

cp "$here"/*.csv "$here"/*.toml "$here"/*.conf "$work"
chmod 600 "$work/cpbillmgr.toml"
python3 "$here/world.py" cheap 5.00 >"$work/cheap.json"
python3 "$here/world.py" dear 100.00 >"$work/dear.json"
cd "$work"
export CPBILLMGR_SETTINGS="$work/cpbillmgr.toml"

run remote list
run remote balance
run service import services.csv

step "The plan is one, over both remotes. 'Small' is sold by both, and 'cheap' comes first; 'Big' by 'cheap' alone."
run fixchilds --dry-run

step "The money at 'cheap' is enough for one license. The other small one is bought at 'dear'; nobody else has the big one."
refused fixchilds --yes --max-spend 50
run license list --remote cheap
run license list --remote dear

step 'What failed is a task, which names its service. It is told once by checkevent, to its department.'
run operation list --tasks
run checkevent

step 'With money in the account, the operation is started again.'
shell "sed -i '/balance/s/1.00/100.00/' cheap.json"
id=$(cpbillmgr operation list --tasks -q | head -n 1)
run operation restart "$id"
run operation list --tasks
run fixchilds
