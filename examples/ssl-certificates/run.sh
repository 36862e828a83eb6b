#!/bin/sh
# Resell SSL certificates: a processing module, tariffs, and a certificate from its request to its files, renewed
# once. The days pass by the sandbox's clock.
# Needs cpbillmgr on the PATH. Works in a folder of its own and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/../telling.sh"

cp "$here/services.json" "$here/late.json" "$here/cpbillmgr.toml" "$here/world.json" "$work"
chmod 600 "$work/cpbillmgr.toml" "$work/world.json"
cd "$work"
export CPBILLMGR_SETTINGS="$work/cpbillmgr.toml"

step 'Integration setup, in the settings:'
list '1. Add a processing module: a [[remote]].' \
    '2. Choose its product type: product_type = "certificate".' \
    '3. Choose how the seller speaks, as BILLmanager 6: generation = 6.' \
    '4. Tell where he is, and who we are: url, user, password_file. For a sandbox the url is enough.' \
    '5. Tell the rest: datacenter, name, department, sort, and minimal_balance, below which it warns.'
shell 'cat cpbillmgr.toml'
step 'It is there, and may log in.'
run remote list
run remote check

step 'Use an account of its own for each reselling billing: one that stands there twice is refused.'
shell 'cat >twice.toml <<END
[[remote]]
name = "one"
product_type = "certificate"
url = "sandbox:world.json"
[[remote]]
name = "other"
product_type = "certificate"
url = "sandbox:world.json"
END'
refused remote list --settings twice.toml

step 'Importing tariff plans:'
list '1. Look at what the seller has: remote presets.' \
    '2. Import: tariff import.' \
    '3. Choose the processing module: --remote ssl.' \
    '4. Choose the product type, and the tariffs: --type certificate 55348 55346.'
run remote presets
run tariff import --remote ssl --type certificate 55348 55346

step 'Editing a tariff plan: its name and its price are ours.'
run tariff list
run tariff edit 55348 --name 'Certificate for one domain' --price 12=60.00
run tariff edit 55346 --name 'Certificate for beginners' --price 12=30.00 --price 24=55.00

step 'Enable reselling of one or several tariff plans. What is not enabled is not ordered.'
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
shell "ls -l certificates/501/ssl/current/ | sed 's/ .* / ... /'"

step 'Thirty days before its end the next one is ordered, with a key and a request of its own.'
run sandbox clock --world world.json --at 2028-01-02T12:00
run checkevent
run sandbox approve --world world.json 2
run checkevent
run license list
run operation list

step 'To turn off reselling of one or several tariff plans: what is disabled is not ordered any more.'
run tariff disable 55346
run service import late.json
refused order --service 502
