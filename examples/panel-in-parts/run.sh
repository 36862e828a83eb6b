#!/bin/sh
# Control panel licenses for VMmanager 6: bought by the year, sold by the month, and what one customer leaves serves
# the next. The days pass by the sandbox's clock.
# Needs cpbillmgr on the PATH. Works in a folder of its own and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/first.json" "$here/next.json" "$here/cpbillmgr.toml" "$here/world.json" "$work"
chmod 600 "$work/cpbillmgr.toml" "$work/world.json"
cd "$work"
export CPBILLMGR_SETTINGS="$work/cpbillmgr.toml"

step() {
    printf '\n# %s\n' "$*"
}

run() {
    printf '\n$ cpbillmgr %s\n' "$*"
    cpbillmgr "$@"
}

step 'Connect the license server: product type, URL and user stand in the settings; log in once.'
run remote list
run remote check

step 'The resource "Control panel license", 1 and 2: an enumeration with its values.'
step '3: the internal name means the code of the license plan at the remote. nopanel needs no value.'
step 'The cost of the control panel: a price for each value.'
run enumeration set ispmanager 55227 --price 1=5.00 --price 12=50.00
run enumeration set billmanager-month 55382 --price 1=35.00
run enumeration set billmanager-year 55384 --price 12=350.00
run enumeration list

step 'Alignment: 1 parameter, 2 source period, 3 change into, 4 compare with tariff: see cpbillmgr.toml.'
run config explain ispmanager --period 10 --months 1 --type vds --tariff 3
step 'Another tariff gets the shortest period; a plan whose code says the period is left alone.'
run config explain ispmanager --period 10 --months 1 --type vds --tariff 4
run config explain billmanager-month --months 1 --type vds --tariff 3
run config explain billmanager-year --months 1 --type vds --tariff 3

step 'A client orders a server with ispmanager for a month, on 2027-02-01: the license is bought for a year.'
run service import first.json
run fixchilds --yes
run license list

step 'He renews twice, and leaves the server in the third month. The license goes into the pool.'
run sandbox clock --world world.json --at 2027-03-20T12:00
run checkevent
run sandbox clock --world world.json --at 2027-04-28T12:00
run checkevent
run service close 301
run license list

step 'The next client orders when the license has rested for a month: nothing is bought.'
run sandbox clock --world world.json --at 2027-06-10T12:00
run service import next.json
run fixchilds --yes
run license list

step 'He stays. One day before its end the license is renewed, for what the alignment says then.'
run sandbox clock --world world.json --at 2028-01-31T12:00
run checkevent
run license list
run operation list
