# The static program and nothing else. scripts/build makes it first, for each CPU the image is for:
#   scripts/build x86_64-unknown-linux-musl
#   docker build -t heapdiff .
#   docker run --rm --user "$(id -u)" -v "$PWD:/data" heapdiff before.heapsnapshot after.heapsnapshot
FROM scratch AS amd64
COPY dist/x86_64-unknown-linux-musl/heapdiff /usr/bin/heapdiff

FROM scratch AS arm64
COPY dist/aarch64-unknown-linux-musl/heapdiff /usr/bin/heapdiff

# BuildKit says for which CPU, and builds none of the other's.
FROM ${TARGETARCH}
COPY LICENSE-APACHE LICENSE-MIT /usr/share/doc/heapdiff/
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["/usr/bin/heapdiff"]
