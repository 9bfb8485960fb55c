//! A scrubbed snapshot tells no values, and gives the numbers of the one it was made of.

use crate::cli::{files, report, run};
use crate::fixtures::{pairs, path, scratch, snapshot};
use crate::layouts::{GLOBAL, closure, map, script, weak_map};
use crate::packing;
use heapdiff::pair::Pair;
use serde_json::Value;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Scrubs two files at once, into a fresh folder.
fn scrubbed(test: &str, pair: &Pair<PathBuf>) -> Pair<PathBuf> {
    let out = scratch(&format!("scrubbed-{test}"));
    let output = run([&pair.before, &pair.after, Path::new("-o"), &out].scrub());
    let note = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{note}");
    assert_eq!(note.lines().count(), 2, "{note}");
    Pair::new(out.join("before.heapsnapshot"), out.join("after.heapsnapshot"))
}

trait Scrub {
    fn scrub(self) -> Vec<std::ffi::OsString>;
}

impl<A: AsRef<OsStr>, const N: usize> Scrub for [A; N] {
    fn scrub(self) -> Vec<std::ffi::OsString> {
        let args = self.into_iter().map(|a| a.as_ref().to_owned());
        std::iter::once("scrub".into()).chain(args).collect()
    }
}

/// A report without what must differ: where the files lie, and hashes of values.
fn told(pair: &Pair<PathBuf>) -> Value {
    fn forget_hashes(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.remove("hash");
                members.values_mut().for_each(forget_hashes);
            }
            Value::Array(list) => list.iter_mut().for_each(forget_hashes),
            _ => {}
        }
    }
    let mut report = report(&pair.before, &pair.after, &[]);
    report.as_object_mut().unwrap().remove("snapshots");
    forget_hashes(&mut report);
    report
}

/// The strings of a file.
fn strings(file: &Path) -> Vec<String> {
    let json: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    json["strings"].as_array().unwrap().iter().map(|s| s.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_real_pair_gives_the_same_report_when_scrubbed() {
    for dir in pairs() {
        let name = dir.file_name().unwrap().to_str().unwrap();
        let pair = Pair::new(snapshot(&dir, "before"), snapshot(&dir, "after"));
        let scrubbed = scrubbed(&format!("real-{name}"), &pair);
        assert!(told(&pair) == told(&scrubbed), "{name}");
        std::fs::remove_dir_all(scrubbed.before.parent().unwrap()).unwrap();
    }
}

#[test]
fn only_the_strings_change_and_none_changes_its_length() {
    let pair = Pair::new(path("plain/before.heapsnapshot"), path("plain/after.heapsnapshot"));
    let once = scrubbed("once", &pair);
    let twice = scrubbed("twice", &once);
    for (a, b) in [(&pair, &once), (&once, &twice)] {
        for (a, b) in [(&a.before, &b.before), (&a.after, &b.after)] {
            let (texts, new) = (strings(a), strings(b));
            let lengths = |texts: &[String]| -> Vec<usize> {
                texts.iter().map(|t| t.encode_utf16().count()).collect()
            };
            assert_eq!(lengths(&texts), lengths(&new));
            let same = texts.iter().zip(&new).filter(|(a, b)| a == b).count();
            assert!(same > texts.len() / 4 && same < texts.len() * 9 / 10, "{same}");
            let [a, b] = [a, b].map(|file| unmarked(std::fs::read_to_string(file).unwrap()));
            let start = a.find("\"strings\":[").unwrap();
            assert!(a[..start] == b[..start]);
        }
    }
    assert_eq!(told(&pair), told(&twice));
}

/// A file without the mark that it was scrubbed.
fn unmarked(file: String) -> String {
    match file.split_once("\"heapdiff_scrubbed\":\"") {
        Some((before, rest)) => before.to_owned() + rest.split_once("\",").unwrap().1,
        None => file,
    }
}

/// A heap in which secrets stand everywhere; `@` in a secret marks where it is from.
fn planted(n: usize) -> String {
    let token = ["gh", "p_q7RzK2mWx9TbLc4VfYhN8sJdGp3ZaQeU1234"].concat();
    let entries = map("m", 0..n, |i| format!("s{i}:Session(100)"));
    let weak = weak_map(
        "w",
        0..2,
        |i| format!("k{i}:(symbol)\"secret key {i}\"(24)"),
        |i| format!("v{i}:(string)\"secret entry {i}\"(40)"),
    );
    let weak = weak.replace("Key @k0", "secret key 0 @k0").replace("Key @k1", "secret key 1 @k1");
    let weak =
        weak.replace("Value @v0", "secret entry 0 @v0").replace("Value @v1", "secret entry 1 @v1");
    format!(
        "{GLOBAL}g -sessions-> m:Map(32)\n{entries}g -weak-> w:WeakMap(32)\n{weak}
         g -text-> a:(string)\"secret text\"(24)
         g -rope-> r:(concatenated string)\"(concatenated string)\"(32) -(first)-> b:(string)\"secret first\"(24)
         r -(second)-> c:(string)\"secret second\"(24)
         g -slice-> d:(sliced string)\"(sliced string)\"(32) -(parent)-> e:(string)\"secret parent\"(24)
         g -bun-> f:(concatenated string)\"secret rope\"(24)
         g -pattern-> x:(regexp)\"secret pattern\"(24)
         g -symbol-> y:(symbol)\"Symbol(secret)\"(24)
         g -number-> z:(number)\"42.4242\"(16)\n g -big-> q:(bigint)\"424242n\"(16)
         g -plain-> p:(number)\"heap number\"(16)
         g -\"{token}\"-> t:(string)\"{token}\"(56)
         g -shared-> h:(string)\"sessions\"(24)\n{}{}",
        closure("fn", "handler", "ctx", "3:1:2"),
        script(3, "/home/app/server.js"),
    )
}

#[test]
fn no_value_is_left_wherever_it_stood() {
    let pair = files("scrub-planted", &planted(3), &planted(63));
    let new = scrubbed("planted", &pair);
    for file in [&new.before, &new.after] {
        let bytes = std::fs::read_to_string(file).unwrap();
        for secret in ["secret", "42.42", "424242", "q7RzK2", "key 1"] {
            assert!(!bytes.contains(secret), "{secret} is in {bytes}");
        }
        for name in [
            "sessions",
            "Session",
            "heap number",
            "(concatenated string)",
            "handler",
            "/home/app/server.js",
            "(sliced string)",
            " / part of key (",
        ] {
            assert!(bytes.contains(name), "{name} is not in {bytes}");
        }
    }
    let entry = |texts: &[String]| {
        let name = texts.iter().find(|t| t.starts_with("3 / part of key (")).unwrap();
        let (key, value) = name[17..].split_once(" -> value (").unwrap();
        [key, value].map(|part| part.split_once(" @").unwrap().0.to_owned())
    };
    let texts = strings(&new.after);
    assert!(entry(&texts).iter().all(|part| texts.contains(part)), "{:?}", entry(&texts));
    assert_eq!(entry(&texts), entry(&strings(&new.before)), "equal texts stay equal");
    assert_eq!(told(&new)["containers"], told(&pair)["containers"]);
}

#[test]
fn a_symbol_below_a_property_called_script_is_no_name_of_a_script() {
    let draw = format!(
        "{GLOBAL}g -script-> y:(symbol)\"symbol\"(24) -(name)-> d:(string)\"secret one\"(24)
         g -<script>-> z:(symbol)\"symbol\"(24) -(name)-> e:(string)\"secret two\"(24)
         g -(script)-> x:(symbol)\"symbol\"(24) -(name)-> f:(string)\"secret three\"(24)
         {}{}",
        closure("fn", "handler", "ctx", "3:1:2"),
        script(3, "server.js"),
    );
    let new = strings(&scrubbed("script", &files("scrub-script", &draw, &draw)).after);
    assert!(new.contains(&"server.js".to_owned()));
    assert!(!new.iter().any(|text| text.contains("secret")), "{new:?}");
}

/// V8 writes ASCII as it is; others may not.
#[test]
fn an_entry_s_name_may_be_written_with_escapes() {
    let pair = files("scrub-escapes", &planted(3), &planted(63));
    for file in [&pair.before, &pair.after] {
        let text = std::fs::read_to_string(file).unwrap();
        let (head, strings) = text.split_once("\"strings\"").unwrap();
        let strings = strings.replace(" / part of key (", "\\u0020/ part of key (");
        let strings = strings.split('"').map(|text| match text.strip_suffix(')') {
            Some(start) if text.contains("part of key") => {
                format!("\\u003{}\\u0029", start)
            }
            _ => text.to_owned(),
        });
        let text = format!("{head}\"strings\"{}", strings.collect::<Vec<_>>().join("\""));
        assert!(text.matches("\"\\u003").count() >= 2, "{text}");
        std::fs::write(file, text).unwrap();
    }
    let new = scrubbed("escapes", &pair);
    for text in strings(&new.before).iter().chain(&strings(&new.after)) {
        assert!(!text.contains("secret"), "{text}");
    }
}

#[test]
fn a_string_of_20_megabytes_is_replaced_like_a_short_one() {
    let (one, other) = ("secret ".repeat(3_000_000), "secret ".repeat(3_000_000) + "!");
    let draw = |text: &str| {
        format!("{GLOBAL}g -one-> s:(string)\"{one}\"(24)\ng -more-> t:(string)\"{text}\"(24)")
    };
    let new = scrubbed("long", &files("scrub-long", &draw("secret"), &draw(&other)));
    let [before, after] = [&new.before, &new.after].map(|file| {
        let mut texts = strings(file);
        texts.retain(|text| text.len() > 1 << 20);
        texts
    });
    assert_eq!(before[0].len(), one.len());
    assert!(before.len() == 1 && after.len() == 2 && before[0] == after[0]);
    assert!(after[0][..40] != after[1][..40], "different texts from the start");
    // Letters alone, among millions of which a word may well stand by chance.
    assert!(after[0][..13] != after[0][13..26] && !after[0].contains("secret "));
    std::fs::remove_dir_all(new.before.parent().unwrap()).unwrap();
}

#[test]
fn a_name_in_one_file_is_no_value_in_the_other() {
    let draw = |more: &str| format!("{GLOBAL}g -text-> s:(string)\"shared\"(24)\n{more}");
    let pair = files("scrub-shared", &draw(""), &draw("g -shared-> o:Other(16)"));
    let new = scrubbed("shared", &pair);
    for file in [&new.before, &new.after] {
        assert!(strings(file).contains(&"shared".to_owned()));
    }
    let note = String::from_utf8(run([pair.after.as_path(), Path::new("-o-")].scrub()).stderr);
    assert!(note.unwrap().contains("kept 1 (values that are names too)"));
}

#[test]
fn one_snapshot_goes_into_a_file_a_folder_or_standard_output() {
    let file = files("scrub-one", &planted(3), &planted(3)).before;
    let dir = scratch("scrub-one-out");
    let (plain, folder) = (dir.join("x.heapsnapshot"), dir.join("before.heapsnapshot"));
    for out in [&plain, &dir] {
        let args = [file.as_path(), Path::new("--out"), out].scrub();
        assert_eq!(run(args).status.code(), Some(0));
    }
    let output = run([file.as_path(), Path::new("-o-")].scrub());
    assert_eq!(output.status.code(), Some(0));
    let length = std::fs::read(&file).unwrap().len();
    for written in [&plain, &folder] {
        assert_eq!(unmarked(std::fs::read_to_string(written).unwrap()).len(), length);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(written).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
    assert_eq!(unmarked(String::from_utf8(output.stdout).unwrap()).len(), length);
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 2, "nothing else lies about");
}

#[test]
fn what_is_written_is_not_packed_and_so_is_its_name() {
    let content = std::fs::read(files("scrub-names", &planted(3), &planted(3)).before).unwrap();
    let (dir, out) = (scratch("scrub-packed"), scratch("scrub-unpacked"));
    let tar = packing::tar(&[("../x/inner.heapsnapshot", 1, &content)]);
    for (name, bytes, plain) in [
        ("a.heapsnapshot", content.clone(), "a.heapsnapshot"),
        ("b.json", content.clone(), "b.json"),
        ("c.heapsnapshot.GZ", packing::gzip(&content), "c.heapsnapshot"),
        ("d.heapsnapshot.br", packing::brotli(&content), "d.heapsnapshot"),
        ("e.tar.gz", packing::gzip(&tar), "e.heapsnapshot"),
        ("f.heapsnapshot.tar", tar, "f.heapsnapshot"),
    ] {
        let file = dir.join(name);
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(run([&file, Path::new("-o"), &out].scrub()).status.code(), Some(0), "{name}");
        let scrubbed = std::fs::read_to_string(out.join(plain)).expect(plain);
        assert_eq!(unmarked(scrubbed).len(), content.len(), "{name}");
    }
    let args = ["scrub", "-", "-o", out.to_str().unwrap()];
    assert_eq!(packing::fed(&args, &content).status.code(), Some(0));
    assert!(out.join("stdin.heapsnapshot").exists());
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 7);
}

#[test]
fn what_cannot_be_scrubbed_is_refused_and_nothing_is_written() {
    let pair = files("scrub-refused", &planted(3), &planted(3));
    let good = std::fs::read(&pair.before).unwrap();
    std::fs::write(&pair.after, &good[..good.len() - 20]).unwrap();
    let dir = scratch("scrub-refused-out");
    let (before, after, out) = (pair.before.as_path(), pair.after.as_path(), Path::new("-o"));
    let same = before.parent().unwrap().join(".").join("before.heapsnapshot");
    let cases = [
        ([after, out, &dir.join("x")].scrub(), 3, "the string table"),
        ([after, Path::new("-o-")].scrub(), 3, "the string table"),
        ([before, after, out, &dir.join("new")].scrub(), 3, "the string table"),
        ([before, out, before].scrub(), 2, "one of the snapshots"),
        ([before, out, &same].scrub(), 2, "one of the snapshots"),
        ([before, out, before.parent().unwrap()].scrub(), 2, "one of the snapshots"),
        ([before, before, out, &dir].scrub(), 2, "two of the snapshots"),
        ([before, before, Path::new("-o-")].scrub(), 2, "one snapshot"),
        ([before, out, &dir.join("no/such/folder")].scrub(), 3, "no folder of this name"),
        ([before].scrub(), 2, "--out"),
    ];
    for (args, code, words) in cases {
        let output = run(&args);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {error}");
        assert!(error.contains(words) && output.stdout.is_empty(), "{args:?}: {error}");
    }
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
    assert_eq!(std::fs::read(before).unwrap(), good);
}
