//! The string table against serde_json, which keeps lone surrogates if it is asked for bytes.
#![no_main]

use heapdiff::ids::StrIdx;
use heapdiff_fuzz::tables;
use libfuzzer_sys::fuzz_target;
use serde::de::{Deserialize, Deserializer, Visitor};

/// A string as UTF-16, lone surrogates included.
struct Units(Vec<u16>);

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Units;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Units, E> {
                Ok(Units(units(bytes)))
            }
        }
        from.deserialize_bytes(Bytes)
    }
}

/// WTF-8 to UTF-16: three bytes from ED A0 on are a surrogate.
fn units(mut bytes: &[u8]) -> Vec<u16> {
    let mut out = Vec::new();
    while let Some(first) = bytes.first() {
        let surrogate = *first == 0xed && bytes.get(1).is_some_and(|b| *b >= 0xa0);
        let length = match first {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        let (head, rest) = bytes.split_at(length);
        bytes = rest;
        if surrogate {
            out.push(0xd000 | u16::from(head[1] & 0x3f) << 6 | u16::from(head[2] & 0x3f));
        } else {
            out.extend(std::str::from_utf8(head).expect("valid UTF-8").encode_utf16());
        }
    }
    out
}

fuzz_target!(|data: &[u8]| {
    let file = [
        br#"{"strings":["#,
        data,
        br#"],"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic"]],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["weak"]]},"node_count":1,"edge_count":0},"nodes":[0,0,1,0,0],"edges":[]}"#,
    ]
    .concat();
    let ours = tables(&file);
    if std::str::from_utf8(data).is_err() {
        return;
    }
    // What else stands in `data` may close the table: then the two do not speak of the same.
    let array = [b"[", data, b"]"].concat();
    match (serde_json::from_slice::<Vec<Units>>(&array), ours) {
        (Ok(theirs), Ok(ours)) => {
            assert_eq!(ours.strings.len(), theirs.len());
            for (at, theirs) in theirs.iter().enumerate() {
                let text = ours.strings.get(StrIdx::from_at(at));
                assert_eq!(text.units(), theirs.0, "string {at}");
                let first = ours.strings.find(&text).expect("every text is found");
                assert_eq!(ours.strings.get(first), text);
                assert_eq!(ours.strings.canonical(StrIdx::from_at(at)), first);
            }
        }
        // Asked for bytes, serde_json lets bare control characters pass.
        (Ok(theirs), Err(e)) => {
            let strictly = serde_json::from_slice::<Vec<String>>(&array);
            assert!(theirs.is_empty() || strictly.is_err(), "{e}");
        }
        (Err(_), Ok(_)) => assert!(data.contains(&b']'), "heapdiff reads what is no JSON"),
        (Err(_), Err(_)) => {}
    }
});
