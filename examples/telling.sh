# How the examples tell what they do: what is typed stands behind a '$', as it can be typed.

# Tell what comes next, in lines that fit any terminal.
step() {
    echo
    printf '%s\n' "$*" | fold -s -w 78 | sed 's/ *$//; s/^/# /'
}

# List what belongs to a step.
list() {
    for line; do
        printf '%s\n' "$line" | fold -s -w 75 | sed 's/ *$//; 1s/^/#    /; 2,$s/^/#       /'
    done
}

# Show the words of a command, quoted where a shell would take them apart.
typed() {
    printf '\n$ cpbillmgr'
    for word; do
        case $word in
        *[!A-Za-z0-9_./:=,@-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    echo
}

run() {
    typed "$@"
    cpbillmgr "$@"
}

# Run what has to fail, and show why it does.
refused() {
    typed "$@"
    if cpbillmgr "$@" 2>&1; then exit 1; fi
}

# Run a line of shell.
shell() {
    printf '\n$ %s\n' "$1"
    eval "$1"
}
