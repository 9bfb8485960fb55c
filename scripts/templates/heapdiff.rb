# Written by scripts/formula; belongs into a tap, as Formula/heapdiff.rb.
class Heapdiff < Formula
  desc "Compares two V8 heap snapshots and says what leaks"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/heapdiff-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:aarch64-apple-darwin@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/heapdiff-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/heapdiff-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/heapdiff-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "heapdiff"
    bash_completion.install "completions/heapdiff.bash" => "heapdiff"
    zsh_completion.install "completions/_heapdiff"
    fish_completion.install "completions/heapdiff.fish"
    man1.install "man/heapdiff.1"
  end

  test do
    assert_equal "heapdiff #{version}", shell_output("#{bin}/heapdiff --version").strip
  end
end
