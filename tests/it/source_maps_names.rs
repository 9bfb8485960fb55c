//! A script and its map in, what the author calls a function, a class or a variable out.

use crate::fixtures::scratch;
use crate::source_maps_found::lay;
use heapdiff::places::{Declared, Maps, Script, Variable};
use sourcemap::SourceMapBuilder;

/// A script in which `^` stands before the function that is asked about, and `!` before the names that
/// have others in the source: each is called `author1`, `author2` and so on there, in a file of its own.
struct Marked {
    text: String,
    function: (u32, u32),
    map: Vec<u8>,
}

fn marked(script: &str) -> Marked {
    let (mut text, mut function) = (String::new(), (0, 0));
    let (mut line, mut column, mut names) = (0, 0, 0);
    let mut map = SourceMapBuilder::new(None);
    for c in script.chars() {
        match c {
            '^' => function = (line, column),
            '!' => {
                names += 1;
                let (name, file) = (format!("author{names}"), format!("{names}.ts"));
                map.add(line, column, 10 * names, 4, Some(&file), Some(&name), false);
            }
            '\n' => (line, column) = (line + 1, 0),
            c => column += c.len_utf16() as u32,
        }
        if !"^!".contains(c) {
            text.push(c);
        }
    }
    let mut bytes = Vec::new();
    map.into_sourcemap().to_writer(&mut bytes).unwrap();
    Marked { text, function, map: bytes }
}

/// Lays them into a folder, and asks.
fn asked<T>(marked: &Marked, ask: impl FnOnce(&Maps, Script<'_>) -> T) -> T {
    let dir = scratch("named");
    let map = String::from_utf8(marked.map.clone()).unwrap();
    lay(&dir, &[("a.js", &marked.text), ("a.js.map", &map)]);
    let (maps, name) = (Maps::new(&[], None), dir.join("a.js").display().to_string());
    let found = ask(&maps, Script { name: &name, map: None });
    assert_eq!(maps.notes(), [""; 0], "{}", marked.text);
    found
}

#[test]
fn functions_and_classes_are_called_as_where_they_are_declared() {
    for (script, compiled, expected) in [
        ("function !a^(b){}", "a", Some("author1")),
        ("async function* !a^(b){}", "a", Some("author1")),
        ("var !a=function^(b){}", "a", Some("author1")),
        ("let x=1,!a=^async(b)=>{}", "a", Some("author1")),
        ("let !a=^b=>b", "a", Some("author1")),
        ("let !a=^(b,{c}=f({}))=>b", "a", Some("author1")),
        ("x={!a:^()=>1}", "a", Some("author1")),
        ("x={async !a^(b){}}", "a", Some("author1")),
        ("^class !a{b=1}", "a", Some("author1")),
        ("var !a=^class{b=1}", "a", Some("author1")),
        ("var !b=class !a extends c{constructor^(d){}}", "a", Some("author2")),
        // What stands before the constructor may have brackets of its own, and classes.
        (
            "var !a=class extends f(class b{constructor(){}}){c=[`}${{d:1}}`,/[/}]}/.x,'}'];static{if(x){}}e(){class g{}}constructor^(h){}}",
            "a",
            Some("author1"),
        ),
        // Columns count as those of UTF-16 do.
        ("'a😀é',function !a^(b){}", "a", Some("author1")),
        ("/* { */ // {\nfunction !a^(b){}", "a", Some("author1")),
        // A name that the script does not have there.
        ("function !a^(b){}", "b", None),
        ("let x=1,a=^async(b)=>{}", "a", None),
        ("f(!a,^()=>1)", "a", None),
        ("function !a(b){}^", "a", None),
        ("class !a{}class b{constructor^(c){}}", "a", None),
        ("class b{constructor(){class !a{}}x^(c){}}", "a", None),
    ] {
        let marked = marked(script);
        let name = asked(&marked, |maps, of| maps.name(of, marked.function, compiled));
        assert_eq!(name.as_deref(), expected, "{script}");
    }
}

fn variable(script: &str, beside: &[&str]) -> Declared {
    let marked = marked(script);
    let beside: Vec<String> = beside.iter().map(|name| (*name).to_owned()).collect();
    let asked_for =
        Variable { function: marked.function, inside: false, name: "a", beside: &beside };
    asked(&marked, |maps, script| maps.variable(script, &asked_for))
}

#[test]
fn a_variable_is_called_as_where_it_is_declared() {
    for script in [
        "var b=1,!a=new Map;function f^(){}",
        "var b=function(c){return{d:c,e}},!a=1;function f^(){}",
        "let b=class x extends y{},!a=1;function f^(){}",
        "const{b:!a=c,...d}=e;function f^(){}",
        "const[b,[!a]]=c;function f^(){}",
        "import{b as !a}from'c';function f^(){}",
        "import b,*as !a from'c';function f^(){}",
        "function !a(){}function f^(){}",
        "class !a{}function f^(){}",
        "function g(b,!a){return function^(){}}",
        "x={g({b:[!a]},c){return function^(){}}}",
        "y=(b,!a=1)=>function^(){}",
        "y=!a=>function^(){}",
        "y=(function !a(){return function^(){}})",
        "try{}catch(!a){x(^()=>1)}",
        "for(const !a of b)x(^()=>1)",
        "for(let !a=0,c;;){x(^()=>1)}",
        "function g(){if(x){let b;{var !a=1}}return function^(){}}",
        // Not those of scopes that have nothing to do with it.
        "{let a=1}function g(a){}y=a=>1;var !a=2;for(const a of b){}function f^(a){}",
        "y=a=>a,z=class a{};var !a=2;function f^(){let a}",
        "var !a=1;x.a=2;y={a:3,a(){}};function f^(){}",
        "let b=c\nlet !a=1\nfunction f^(){}",
        "x=b/1;y=/[/]{a/;z=`${`{`}`;var !a=1;if(b)/{/.test(c);function f^(){}",
        // The bundler declares it, and the author uses it.
        "var a;function g(){x.a=1;!a=1}function h(a){a=2}function f^(){}",
    ] {
        let found = variable(script, &[]);
        assert_eq!(found.name.as_deref(), Some("author1"), "{script}");
        assert!(found.file.as_ref().is_some_and(|file| file.ends_with("1.ts")), "{script}");
    }
}

#[test]
fn of_variables_that_are_called_alike_the_others_beside_them_tell() {
    let script = "var !a=1,b=2;function g(!a,c){return function^(){}}";
    assert_eq!(variable(script, &[]), Declared::default());
    assert_eq!(variable(script, &["a", "b"]).name.as_deref(), Some("author1"));
    assert_eq!(variable(script, &["a", "c", "this"]).name.as_deref(), Some("author2"));
    assert_eq!(variable(script, &["a", "d"]), Declared::default());
    // Nor is anything said where the source has two of them.
    assert_eq!(variable("var !a=1;var !a=2;function f^(){}", &[]), Declared::default());
    assert_eq!(variable("var a;function f^(){!a=1;!a=2}", &[]), Declared::default());
}

#[test]
fn a_script_that_is_none_has_no_names_and_takes_no_time() {
    let deep = "(".repeat(100_000);
    let wide = "a,".repeat(200_000);
    let open = "class x{constructor(){`${".repeat(2_000);
    let closed = ")]}`/".repeat(1_000);
    let arrows = "a=>".repeat(200_000);
    let blocks = format!("{}{}", "{".repeat(9_000), "var;".repeat(200_000));
    for start in [
        &*deep, &wide, &open, &closed, &arrows, &blocks, "\\", "'", "`${", "/[", "0x", "a?.", "=>",
        "\u{2028}",
    ] {
        let marked = marked(&format!("var !a;function f^(){{}};{start}"));
        let name = asked(&marked, |maps, script| maps.name(script, marked.function, "f"));
        assert_eq!(name, None);
        let marked = self::marked(&format!("{start};var !a;function f^(){{}}"));
        let asked_for =
            Variable { function: marked.function, inside: true, name: "a", beside: &[] };
        asked(&marked, |maps, script| maps.variable(script, &asked_for));
    }
}
