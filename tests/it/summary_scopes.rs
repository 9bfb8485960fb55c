//! Variables that nobody reads, in files that say which function reads what.

use crate::cli::{complaint, run, shown};
use crate::drawing::draw;
use crate::fixtures::{path, unzst};
use crate::summary::{asked, file, told};
use serde_json::Value;
use std::path::PathBuf;

/// A function `outer` has called once, with two variables; of what it has made `inner` is there. Scope 7
/// is `inner`, scope 9 lies in it.
const SCOPES: &str =
    "root -> app:App(8) -f-> f:(closure)inner(32)@1:2:3 -(context)-> c:\"system / Context\"(24)
    f -(shared)-> sf:(code)inner(0) -(script)-> sc:(code)\"system / Script\"(0)
    sc -(name)-> nm:(string)/app/a.js(0)
    sf -(scope_id)-> n7:(number)int(0) -(value)-> v7:(string)7(0)
    c -<big>-> big:Big(500)
    c -<small>-> small:Small(10)
    c -(scope_info)-> si:(code)\"system / ScopeInfo\"(0) -(function_name)-> n:(string)outer(0)
    si -(scope_id)-> n5:(number)int(0) -(value)-> v5:(string)\"-5\"(0)
    app -o-> so:(code)outer(0) -(name_or_scope_info)-> si
    so -(script)-> sc";

/// The heap in a file with some scopes; `S` stands for the script, `BIG` and `SMALL` for the names.
fn scoped(scopes: &str, variables: &str, uses: &str) -> PathBuf {
    drawn(SCOPES, scopes, variables, uses)
}

fn drawn(drawing: &str, scopes: &str, variables: &str, uses: &str) -> PathBuf {
    let drawing = draw(drawing);
    let text = String::from_utf8(drawing.bytes()).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let strings = json["strings"].as_array().unwrap();
    let string = |name: &str| strings.iter().position(|s| s == name).unwrap().to_string();
    let script = (drawing.at("sc") * 7).to_string();
    let variables = variables.replace("BIG", &string("big")).replace("SMALL", &string("small"));
    let arrays = format!(
        "\"scopes\":[{}],\"scope_context_vars\":[{variables}],\"scope_uses\":[{uses}],\"strings\":[",
        scopes.replace('S', &script)
    );
    let fields = "\"scope_fields\":[\"script_node_index\",\"scope_id\",\"depth\",\
        \"scope_context_vars_count\",\"scope_uses_count\"],\
        \"scope_context_var_fields\":[\"name\"],\
        \"scope_use_fields\":[\"declaring_scope_id\",\"slot_index\"],\"sample_fields\":";
    let text = text.replace("\"strings\":[", &arrays).replace("\"sample_fields\":", fields);
    file(text.as_bytes())
}

#[test]
fn a_variable_is_unread_if_no_function_that_is_there_or_may_come_reads_it() {
    let unread = |file: PathBuf| {
        let unread = asked(&file, &[])["unread"].take();
        told(&unread["variables"], &["name", "declared_in", "contexts", "retained", "value/class"])
    };
    let big = "big outer 1 500 Big";
    let scopes = "S,-2,0,0,0, S,-5,1,2,0, S,7,2,0,1, S,9,3,0,0";
    assert_eq!(unread(scoped(scopes, "BIG,SMALL", "-5,1")), [big]);
    let inside = "S,-2,0,0,0,S,-5,1,2,0,S,7,2,0,1,S,9,3,0,1";
    assert_eq!(unread(scoped(inside, "BIG,SMALL", "-5,1,-5,0")), [""; 0], "9 may come of 7");
    let beside = "S,-2,0,0,0,S,-5,1,2,0,S,7,2,0,1,S,9,2,0,1";
    assert_eq!(unread(scoped(beside, "BIG,SMALL", "-5,1,-5,0")), [big], "9 is not made any more");
    let nobody = "S,-2,0,0,0,S,-5,1,2,0,S,7,2,0,0";
    assert_eq!(unread(scoped(nobody, "BIG,SMALL", "")), [big, "small outer 1 10 Small"]);
    let other = "S,-2,0,0,0,S,-5,1,1,0,S,7,2,0,0";
    assert_eq!(unread(scoped(other, "SMALL", "")), ["small outer 1 10 Small"]);
    assert!(asked(&file(&draw(SCOPES).bytes()), &[])["unread"].is_null());
}

#[test]
fn a_function_reads_the_variables_of_the_call_that_has_made_it_and_no_others() {
    let another_call =
        "app -g-> g:(closure)other(32)@1:7:3 -(context)-> c2:\"system / Context\"(24)
        g -(shared)-> sg:(code)other(0) -(script)-> sc
        sg -(scope_id)-> n11:(number)int(0) -(value)-> v11:(string)11(0)
        c2 -<big>-> big2:Big(300)
        c2 -<small>-> small2:Small(20)
        c2 -(scope_info)-> si";
    let file = drawn(
        &format!("{SCOPES}\n{another_call}"),
        "S,-2,0,0,0,S,-5,1,2,0,S,7,2,0,1,S,11,2,0,1",
        "BIG,SMALL",
        "-5,1,-5,0",
    );
    let unread = asked(&file, &[])["unread"].take();
    let rows = told(&unread["variables"], &["name", "contexts", "retained"]);
    assert_eq!(rows, ["big 1 500", "small 1 20"]);
}

#[test]
fn scopes_that_cannot_be_are_refused_with_their_byte_and_only_where_they_are_asked_for() {
    let sound = "S,-2,0,0,0";
    for (scopes, variables, uses) in [
        ("S,-2,0,0", "", ""),
        ("S,-2,0,0,x", "", ""),
        ("S,-2,0,0,99999999999", "", ""),
        ("1,-2,0,0,0", "", ""),
        ("999999,-2,0,0,0", "", ""),
        ("S,-2,1,0,0", "", ""),
        ("S,-2,0,-1,0", "", ""),
        ("S,-2,0,1,0", "", ""),
        ("S,-2,0,4294967295,4294967295", "", ""),
        (sound, "", "1,1"),
        (sound, "", "1"),
        ("S,-2,0,1,0", "99999", ""),
        ("S,-2,0,1,0", "-1", ""),
        ("[],1,1,1,1", "", ""),
    ] {
        let file = scoped(scopes, variables, uses);
        let said = complaint(&run(["summary", file.to_str().unwrap()]), 3);
        let (byte, place) = (said.contains("at byte"), said.contains("the scopes"));
        assert!(byte && place, "{scopes} {variables} {uses}: {said}");
        shown(["show", file.to_str().unwrap(), "@3"]);
    }
    assert_eq!(asked(&scoped("", "", ""), &[])["unread"]["variables"]["total"], 0);
}

/// Of a page that makes 900 views, each with a function that reads its one variable.
#[test]
fn chromium_says_who_reads_what() {
    let bytes = unzst(&path("pairs/chromium-detached-rows/after.heapsnapshot.zst"));
    let unread = |bytes: &[u8]| {
        let unread = asked(&file(bytes), &[])["unread"].take();
        told(&unread["variables"], &["name", "contexts", "value/class"])
    };
    assert_eq!(unread(&bytes), [""; 0]);
    let text = String::from_utf8(bytes).unwrap();
    let (head, rest) = text.split_once("\"scope_uses\":[").unwrap();
    let (uses, rest) = rest.split_once(']').unwrap();
    let nobody = uses.split(',').map(|_| "9999").collect::<Vec<_>>().join(",");
    let text = format!("{head}\"scope_uses\":[{nobody}]{rest}");
    assert_eq!(unread(text.as_bytes()), ["this 900 RowView"]);
}
