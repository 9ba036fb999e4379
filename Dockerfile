# The image for production. It links the system's libpq, so that the connection to PostgreSQL can use
# TLS; a build outside of a container brings its own libpq and needs only a C compiler.

FROM rust:1.95-bookworm AS builder
# The builder is thrown away: the newest libpq of this Debian is the wanted one.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --no-default-features --features system-libpq \
        --bin pass-numerique \
    && install -D --mode=0755 target/release/pass-numerique /out/pass-numerique

FROM debian:bookworm-slim
# Security updates of this Debian are wanted whenever the image is built again.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 passnum \
    && useradd --uid 10001 --gid passnum --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin passnum \
    && install -d --owner=passnum --group=passnum --mode=0700 /var/lib/pass-numerique
COPY --from=builder /out/pass-numerique /usr/local/bin/pass-numerique
COPY LICENSE /usr/share/doc/pass-numerique/LICENSE

LABEL org.opencontainers.image.title="Pass numérique" \
      org.opencontainers.image.licenses="EUPL-1.2"
ENV PASSNUM_LISTEN=0.0.0.0:8080 \
    PASSNUM_MACHINE_LISTEN=0.0.0.0:9090 \
    PASSNUM_DATA_DIR=/var/lib/pass-numerique
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
VOLUME /var/lib/pass-numerique
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:9090/readyz"]
ENTRYPOINT ["pass-numerique"]
CMD ["serve"]
