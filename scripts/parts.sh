# shellcheck shell=bash
# What the scripts beside this one share: installing what is missing, and running named parts one
# after the other. The caller sources it after `set -euo pipefail`.

summary=()
failed_parts=0
part_pid=

say() {
    printf '%s\n' "$*"
}

die() {
    say "${0##*/}: $*" >&2
    exit 1
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "'$*' needs root, and there is no sudo here"
    fi
}

install_packages() {
    (($#)) || return 0
    command -v apt-get >/dev/null || die "install these first: $*"
    say "installing $*"
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "$@"
}

# Installs the packages of the programs that are not there: PROGRAM:PACKAGE…
install_missing() {
    local missing=() pair
    for pair; do
        command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
    done
    install_packages ${missing[@]+"${missing[@]}"}
}

# Runs one part in a process group of its own, so that it can be stopped whole.
part() {
    local title=$1 started=$SECONDS status=0 outcome=ok
    shift
    printf '\n==== %s ====\n' "$title"
    set -m
    "$@" </dev/null &
    part_pid=$!
    set +m
    wait "$part_pid" || status=$?
    part_pid=
    if ((status != 0)); then
        outcome="FAILED with status $status"
        failed_parts=$((failed_parts + 1))
    fi
    summary+=("$(printf '%-28s %5d s   %s' "$title" $((SECONDS - started)) "$outcome")")
    say "---- $title: $outcome after $((SECONDS - started)) s"
}

stop_part() {
    if [[ -n $part_pid ]]; then
        kill -TERM -- "-$part_pid" 2>/dev/null || true
    fi
}

print_summary() {
    printf '\n==== summary ====\n'
    printf '%s\n' ${summary[@]+"${summary[@]}"} "total $SECONDS s"
}
