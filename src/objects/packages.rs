//! The path or URL of a script in, the package that it is of out, as far as the path tells.
//!
//! ```text
//!   /app/node_modules/undici/lib/client.js
//!   /app/node_modules/.pnpm/undici@6.21.0/node_modules/undici/lib/client.js
//!   /app/.yarn/cache/undici-npm-6.21.0-3f1c.zip/node_modules/undici/lib/client.js
//!   /root/.cache/deno/npm/registry.example/undici/6.21.0/lib/client.js
//!   https://jsr.io/@std/http/1.0.7/server.ts
//! ```

use serde::Serialize;

/// The folder of the packages that a program depends on.
const PACKAGES: &str = "node_modules";
/// Deno keeps packages by the host that it has them from, name and version.
const CACHE: &str = "/npm/";
/// Scripts of JSR are run from there, and the path has name and version.
const JSR: &str = "https://jsr.io/";
/// Characters of a version, and of a name (npm's limit).
const LONGEST_VERSION: usize = 64;
const LONGEST_NAME: usize = 214;

/// A package that a program depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Package {
    /// As its `package.json` says, or else as the path does.
    pub name: String,
    /// The same; null where neither tells.
    pub version: Option<String>,
}

/// A script of a package.
pub(crate) struct Packaged<'a> {
    /// The package, as the path tells.
    pub package: Package,
    /// The package's folder.
    pub root: &'a str,
    /// The path in it.
    pub rest: &'a str,
}

/// Whether a script, whose path has slashes, is of a package, even if its name cannot be told.
pub(super) fn is_packaged(file: &str) -> bool {
    file.split('/').rev().skip(1).any(|part| part == PACKAGES) || packaged(file).is_some()
}

/// The package of a script whose path has slashes.
pub(crate) fn packaged(file: &str) -> Option<Packaged<'_>> {
    if let Some(path) = file.strip_prefix(JSR) {
        return by_version(file, file.len() - path.len());
    }
    let is_folder = |at: &usize| {
        file[at + PACKAGES.len()..].starts_with('/') && (*at == 0 || file[..*at].ends_with('/'))
    };
    if let Some(at) = file.rmatch_indices(PACKAGES).map(|(at, _)| at).find(is_folder) {
        return in_modules(file, at + PACKAGES.len() + 1);
    }
    let host = file.find(CACHE)? + CACHE.len();
    let (host_name, _) = file[host..].split_once('/')?;
    host_name.contains('.').then(|| by_version(file, host + host_name.len() + 1))?
}

/// One whose folder begins there, in that of all packages.
fn in_modules(file: &str, from: usize) -> Option<Packaged<'_>> {
    let name = name_at(&file[from..])?;
    let above = file[..from].trim_end_matches('/').strip_suffix(PACKAGES).unwrap_or_default();
    let folder = above.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let version = version_in(folder, name).map(str::to_owned);
    Some(packaged_at(file, from + name.len(), name, version))
}

/// One whose folder is called by its version, in one that is called by its name.
fn by_version(file: &str, from: usize) -> Option<Packaged<'_>> {
    let name = name_at(&file[from..])?;
    let version = file[from + name.len()..].strip_prefix('/')?.split('/').next()?;
    // Of the copies that Deno makes for different peers, each has a number behind its version.
    let plain = version.split('_').next().filter(|version| is_version(version))?;
    let end = from + name.len() + 1 + version.len();
    Some(packaged_at(file, end, name, Some(plain.to_owned())))
}

fn packaged_at<'a>(file: &'a str, end: usize, name: &str, version: Option<String>) -> Packaged<'a> {
    let rest = file[end..].trim_start_matches('/');
    let package = Package { name: name.to_owned(), version };
    Packaged { package, root: &file[..end], rest }
}

/// The name with which a path begins: of two parts where the first is a scope.
fn name_at(path: &str) -> Option<&str> {
    let parts = if path.starts_with('@') { 2 } else { 1 };
    let end = path.match_indices('/').nth(parts - 1).map_or(path.len(), |(at, _)| at);
    Some(&path[..end]).filter(|name| is_package_name(name))
}

/// Whether a package may be called so. What begins with a dot is a tool's own folder.
pub(crate) fn is_package_name(name: &str) -> bool {
    let parts: Vec<&str> = match name.strip_prefix('@') {
        Some(name) => name.split('/').collect(),
        None => vec![name],
    };
    let is_scoped = name.starts_with('@');
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~!*'()".contains(c);
    let sound = |part: &&str| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain);
    name.len() <= LONGEST_NAME
        && parts.len() == if is_scoped { 2 } else { 1 }
        && parts.iter().all(sound)
}

/// Whether it is a version, as of Semantic Versioning, and nothing else.
pub(crate) fn is_version(version: &str) -> bool {
    version.starts_with(|c: char| c.is_ascii_digit())
        && version.len() <= LONGEST_VERSION
        && version.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
}

/// The version in the name of the folder around: `@s+b@1.2.3_react@18.0.0` of pnpm and Bun,
/// `@s-b-npm-1.2.3-3f1c.zip` of Yarn.
fn version_in<'a>(folder: &'a str, name: &str) -> Option<&'a str> {
    let of_pnpm = || {
        let version = folder.strip_prefix(&name.replace('/', "+"))?.strip_prefix('@')?;
        version.split(['_', '(', '@']).next()
    };
    let of_yarn = || {
        let named = folder.strip_suffix(".zip")?.strip_prefix(&name.replace('/', "-"))?;
        Some(named.strip_prefix("-npm-")?.rsplit_once('-')?.0)
    };
    of_pnpm().or_else(of_yarn).filter(|version| is_version(version))
}

/// The package that a script is of.
pub(crate) fn package_of(file: &str) -> Option<Package> {
    packaged(&file.replace('\\', "/")).map(|script| script.package)
}

/// A path in a package: the name, the version that is known or that the path tells, and what is below.
pub(crate) fn in_package(file: &str, known: Option<&str>) -> Option<String> {
    let file = file.replace('\\', "/");
    let Packaged { package, rest, .. } =
        packaged(&file).filter(|script| !script.rest.is_empty())?;
    let version = known.or(package.version.as_deref());
    let version = version.map_or_else(String::new, |version| format!("@{version}"));
    Some(format!("{}{version} {rest}", package.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_package_is_called_by_name_version_and_path() {
        for (file, expected) in [
            ("/app/node_modules/undici/lib/client.js", Some("undici lib/client.js")),
            ("node_modules/undici/lib/client.js", Some("undici lib/client.js")),
            ("/app/node_modules/a/node_modules/@s/b/index.js", Some("@s/b index.js")),
            (
                "/app/node_modules/.pnpm/undici@6.21.0/node_modules/undici/lib/client.js",
                Some("undici@6.21.0 lib/client.js"),
            ),
            (
                "/app/node_modules/.pnpm/@s+b@1.2.3_react@18.0.0/node_modules/@s/b/b.js",
                Some("@s/b@1.2.3 b.js"),
            ),
            (
                "/app/node_modules/.bun/undici@6.21.0/node_modules/undici/index.js",
                Some("undici@6.21.0 index.js"),
            ),
            (
                "/app/.yarn/cache/@s-b-npm-1.2.3-3f1c4d.zip/node_modules/@s/b/b.js",
                Some("@s/b@1.2.3 b.js"),
            ),
            (
                "file:///root/.cache/deno/npm/registry.example/undici/6.21.0/lib/client.js",
                Some("undici@6.21.0 lib/client.js"),
            ),
            ("file:///deno-dir/npm/registry.example/@s/b/1.2.3_1/b.js", Some("@s/b@1.2.3 b.js")),
            ("https://jsr.io/@std/http/1.0.7/server.ts", Some("@std/http@1.0.7 server.ts")),
            (r"C:\app\node_modules\a\b.js", Some("a b.js")),
            ("/app/node_modules/a", None),
            ("/app/node_modules/../b.js", None),
            ("/app/node_modules/.vite/deps/react.js", None),
            ("/app/my_node_modules/a/b.js", None),
            ("/app/node_modules_of_mine/a/b.js", None),
            ("/app/npm/scripts/build/index.js", None),
            ("/app/npm/a.b/main/index.js", None),
            ("/app/server.mjs", None),
        ] {
            assert_eq!(in_package(file, None).as_deref(), expected, "{file}");
        }
    }

    #[test]
    fn what_a_tool_keeps_beside_packages_is_not_the_programs() {
        assert!(is_packaged("/app/node_modules/.vite/deps/react.js"));
        assert!(is_packaged("node_modules/a/b.js"));
        assert!(!is_packaged("/app/my_node_modules/a/b.js"));
        assert!(!is_packaged("/app/node_modules"));
    }

    #[test]
    fn only_what_a_version_is_made_of_is_a_version() {
        for version in ["6.21.0", "1.0.0-beta.2+build", "0"] {
            assert!(is_version(version), "{version}");
        }
        for version in ["", "v1", "latest", "1 0", "1.0\u{1b}[2J", "1/0", &"1".repeat(65)] {
            assert!(!is_version(version), "{version}");
        }
    }
}
