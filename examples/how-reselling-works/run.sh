#!/bin/sh
# How reselling works: an operation for each order, events from the seller, and what to do when an order fails.
# Needs cpbillmgr on the PATH. Works in a folder of its own and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/../telling.sh"

cp "$here/inventory.json" "$here/cpbillmgr.toml" "$here/world.json" "$work"
chmod 600 "$work/cpbillmgr.toml" "$work/world.json"
cd "$work"
export CPBILLMGR_SETTINGS="$work/cpbillmgr.toml"

step 'Predefined tariffs are linked to our servers by the enumeration of the panel add-on, each with its price.'
run remote presets
run enumeration set 55227 --price 1=5.00
run enumeration set 55228 --price 1=10.00
run service import inventory.json

step 'A service is ordered: a new operation, and a request to the selling billing.'
run order --service 401
run operation list
step 'The operation names its service, and why it was begun. Nobody has to do anything with it.'
run operation show 1

step 'The selling billing tells what has become of it. cron asks every five minutes. What we ordered ourselves is no news.'
run checkevent
run event list

step 'Automatic processing fails when the balance does not cover an order: that is a task, with its service.'
refused order --service 402
run operation list --tasks
step 'Check the balance at the seller, and that we may order there.'
run remote balance
run remote check

step 'The balance is mended at the seller ...'
shell "sed -i '/balance/s/1.00/50.00/' world.json"
run remote balance

step '... and the operation is started again.'
run operation restart 2
run operation list
run operation list --tasks

step 'What the seller changes is passed on by events: here he stops a license, a day later.'
run sandbox clock --world world.json --days 1
shell "sed -i '/203.0.113.41/s/\"status\": 2/\"status\": 3/' world.json"
run checkevent -v
run event list
run license list

step 'And what we do to a service is passed on to its license.'
run service suspend 402
run license list
