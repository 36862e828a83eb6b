#!/bin/sh
# Resell ispmanager 6 licenses, on their own and together with servers, as the manual of BILLmanager 5 tells it.
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

step 'A license on its own, 1: configure the integration. A processing module is a [[remote]] of the settings.'
shell 'cat cpbillmgr.toml'
step 'Its account may order licenses, and what it is sold is on the price list. A new price list needs no new module.'
run remote list
run remote check
run remote presets

step '2: import tariff plans. After import, enable and configure them.'
run tariff import 55227 55228 55229 55230
run tariff enable 55227 55228 55230
run tariff edit 55227 --name 'Panel Lite' --price 1=5.00 --price 12=50.00
run tariff edit 55228 --name 'Panel Pro' --price 1=10.00 --price 12=100.00
run tariff list

step '3: synchronize. The remote has a new price and a new period; our names and prices stay.'
shell "sed -i '/55227/{s/4.00/4.50/; s/\"40.00\"/&, \"3\": \"13.00\"/}' world.json"
run tariff sync
run tariff show 55227

step 'A license together with a server: values of the enumeration, the internal name being the tariff.' \
    'Prices must be set for each value: without one there is a warning.'
run enumeration set 55227
run enumeration set 55227 --price 1=5.00
run enumeration set 55228 --price 1=10.00
run enumeration set 55229 --price 1=15.00
run enumeration set 55230 --price 1=20.00
run enumeration list

step 'The add-on "Control panel" of a server, of kind enumeration, says which value the customer has chosen.' \
    'Our services ask for them: one is a license on its own, two are servers with a panel.'
shell 'cat inventory.json'
run service import inventory.json
run config check
run fixchilds --dry-run

step 'When a server is being set up, its license is ordered. The others come with the next fixchilds.'
run order --service 202
run fixchilds --yes
run license list

step 'What is not resold is not ordered: this is refused, with the reason.'
run tariff disable 55227
if cpbillmgr order --ip 203.0.113.29 --tariff 55227 --period 1 2>&1; then exit 1; fi
