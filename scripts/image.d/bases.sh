# shellcheck shell=bash
# Part of scripts/image: the base images, and what stands in for one that cannot be pulled.

not_pulled=()

# Debian SUITE with PACKAGES as a tar file, as small as the images are: without manuals, and without
# apt's caches later on. Other arguments go to mmdebstrap.
debian() {
    local suite=$1 packages=$2
    shift 2
    mmdebstrap --quiet --variant=minbase --include="usr-is-merged,$packages" \
        --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --aptopt='Dir::Cache::pkgcache ""' --aptopt='Dir::Cache::srcpkgcache ""' "$@" "$suite" -
}

# The Rust of this machine, and the authorities it trusts: crates come from where it gets them.
rust_base() {
    local sysroot
    sysroot=$(rustc --print sysroot)
    # shellcheck disable=SC2016  # $1 is the folder of the new Debian, known to mmdebstrap
    debian "$1" gcc,libc6-dev,ca-certificates \
        --customize-hook="tar -C '$sysroot' -c bin/cargo bin/rustc lib | tar -C \"\$1/usr/local\" -x" \
        --customize-hook='cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"' \
        | docker import --change 'ENV CARGO_HOME=/usr/local/cargo' -
}

postgres_base() {
    # shellcheck disable=SC2016  # $1 is the folder of the new Debian, known to mmdebstrap
    debian trixie "postgresql-$1" \
        --customize-hook='install -m 755 scripts/image.d/postgres "$1/usr/local/bin/docker-entrypoint"' \
        --customize-hook='chroot "$1" install -d -o postgres -m 700 /var/lib/postgresql/data' \
        | docker import --change 'USER postgres' --change 'ENTRYPOINT ["docker-entrypoint"]' \
            --change "ENV PATH=/usr/local/bin:/usr/lib/postgresql/$1/bin:/usr/bin:/bin" \
            --change 'ENV PGDATA=/var/lib/postgresql/data' -
}

# It gets its name once it is whole: half an image would be taken for one at the next run.
stand_in() {
    local tag=${1#*:} made
    say "$1 cannot be pulled: a stand-in is made"
    case $1 in
        rust:*) made=$(rust_base "${tag#*-}") ;;
        debian:*-slim) made=$(debian "${tag%-slim}" apt | docker import -) ;;
        postgres:*) made=$(postgres_base "$tag") ;;
        *) die "nothing can stand in for $1" ;;
    esac
    docker tag "$made" "$1"
}

# Only an engine of our own gets stand-ins: elsewhere somebody could take them for the real ones.
fetch() {
    local name refusal
    for name in "$@"; do
        if refusal=$(docker pull --quiet "$name" 2>&1); then
            continue
        fi
        not_pulled+=("$name")
        if ! docker image inspect "$name" >/dev/null 2>&1; then
            [[ -n ${engine_pid-} ]] || die "$name cannot be pulled: $refusal"
            stand_in "$name"
        fi
    done
}
