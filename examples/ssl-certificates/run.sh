#!/bin/sh
# Resell SSL certificates: a processing module, tariffs, and a certificate from its request to its files, renewed
# once. The days pass by the sandbox's clock.
# Needs cpbillmgr on the PATH. Works in a folder of its own and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/services.json" "$here/cpbillmgr.toml" "$here/world.json" "$work"
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

step 'Integration setup, 1 to 4: a processing module is a [[remote]] of the settings, here of product type certificate.'
step '5 to 7: URL, user and password; 8: name, department, sort, minimal balance; 9: see that it works.'
run remote list
run remote check
run remote presets

step 'Importing tariff plans, 1 to 4: from this processing module, of this product type, which of them.'
run tariff import --remote ssl --type certificate 55348 55346

step 'Editing the tariff plan: name and price are ours.'
run tariff edit 55348 --name 'Certificate for one domain' --price 12=60.00
run tariff edit 55346 --name 'Certificate for beginners' --price 12=30.00 --price 24=55.00

step 'Enable reselling.'
run tariff enable 55348 55346
run tariff list

step 'A client orders a certificate. Its key and its request are made here; the key never leaves this machine.'
run service import services.json
run certificate request 501 --approver webmaster
run fixchilds --dry-run
run fixchilds --yes
run license list

step 'It waits for whoever reads that mailbox: a mail with a link is there.'
run checkevent
run sandbox approve --world world.json 1

step 'checkevent sees that it is issued, and fetches the files.'
run checkevent
run license list
printf '\n$ ls -l certificates/501/ssl/current/\n'
ls -l certificates/501/ssl/current/ | sed 's/ .* / ... /'

step 'Thirty days before its end the next one is ordered, with a key and a request of its own.'
run sandbox clock --world world.json --at 2028-01-02T12:00
run checkevent
run sandbox approve --world world.json 2
run checkevent
run license list
run operation list

step 'To turn off reselling: what is disabled is not ordered any more.'
run tariff disable 55346
run tariff list
