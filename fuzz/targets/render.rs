//! Any text where a heap has names: no report holds a character that a terminal would obey.
#![no_main]

use heapdiff_fuzz::{drawn, report};
use libfuzzer_sys::fuzz_target;
use std::fmt::Write as _;

/// A map with so many sessions in it; the texts name all there is.
fn snapshot(sessions: usize, texts: [&str; 5]) -> Vec<u8> {
    let [class, property, global, script, key] = texts.map(|t| serde_json::to_string(t).unwrap());
    let mut nodes = String::from("3,0,1,0,1,2,1,3,40,1,2,10,5,32,1,0,2,7,4096,");
    let _ = write!(nodes, "{}", sessions * 2);
    let (mut edges, mut places) = (String::from("1,3,5,0,4,10,3,5,15"), String::new());
    for at in 0..sessions {
        let session = 20 + 15 * at;
        let id = 9 + 6 * at;
        let _ = write!(nodes, ",2,6,{id},100,1,4,7,{},24,0,5,8,{},8,0", id + 2, id + 4);
        let _ = write!(edges, ",2,{},{session},2,{},{}", 3 * at, 3 * at + 1, session + 5);
        let _ = write!(places, "{}{session},1,2,3", if at == 0 { "" } else { "," });
    }
    for at in 0..sessions {
        let _ = write!(edges, ",0,9,{}", 30 + 15 * at);
    }
    let count = 4 + sessions * 3;
    format!(
        r#"{{"snapshot":{{"meta":{{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["array","hidden","object","synthetic","string","code"]],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["property","shortcut","hidden","internal"]],"location_fields":["object_index","script_id","line","column"]}},"node_count":{count},"edge_count":{}}},
"nodes":[{nodes}],"edges":[{edges}],"locations":[{places}],
"strings":["","global","(array)",{global},{property},"table",{class},{key},{script},"name","Map"]}}"#,
        3 + sessions * 3,
    )
    .into_bytes()
}

fuzz_target!(|texts: [&str; 5]| {
    let files = [snapshot(1, texts), snapshot(80, texts)];
    drawn(&report(&files[0], &files[1]).expect("sound files are compared"));
});
