//! A page in, its elements out, read by the rules by which browsers read it.

use html5gum::{Token, Tokenizer};

const VOID: [&str; 3] = ["meta", "input", "br"];

/// One element.
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Of the element itself, without those in it.
    pub text: String,
    pub depth: usize,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// The elements of a page, in order. Every one that opens has to close.
pub fn elements(page: &str) -> Vec<Element> {
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for token in Tokenizer::new(page) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = text(&tag.name);
                let attributes =
                    tag.attributes.iter().map(|(n, v)| (text(n), text(v))).collect::<Vec<_>>();
                let depth = open.len();
                found.push(Element { name, attributes, text: String::new(), depth });
                if !VOID.contains(&found[found.len() - 1].name.as_str()) {
                    open.push(found.len() - 1);
                }
            }
            Token::EndTag(tag) => {
                let last = open.pop().map(|at| found[at].name.clone());
                assert_eq!(last, Some(text(&tag.name)), "an element is closed in the wrong place");
            }
            Token::String(string) => {
                if let Some(at) = open.last() {
                    found[*at].text += &text(&string);
                }
            }
            Token::Doctype(_) => assert!(found.is_empty()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(open, Vec::<usize>::new());
    found
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
