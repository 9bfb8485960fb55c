//! A client of the Model Context Protocol for the tests, over the server's standard input and output.

use crate::drawing::Drawing;
use crate::explore::{Asked, drawn};
use crate::fixtures::path;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub const BEFORE: &str = "plain/before.heapsnapshot";
pub const AFTER: &str = "plain/after.heapsnapshot";

/// A server, and its client.
pub struct Client {
    server: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    last: u64,
    /// Notifications that have come so far.
    pub heard: Vec<Value>,
}

impl Client {
    /// Starts a server in a folder. A session of 2025-11-25 begins with a handshake.
    pub fn start(folder: &Path, options: &[&str]) -> Self {
        let mut client = Self::silent(folder, options);
        let hello = json!({
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        });
        let server = client.ask("initialize", hello);
        assert_eq!(server["result"]["protocolVersion"], "2025-11-25", "{server}");
        client.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        client
    }

    /// The same without a handshake.
    pub fn silent(folder: &Path, options: &[&str]) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_heapdiff"))
            .arg("mcp")
            .args(options)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = server.stdin.take();
        let from = BufReader::new(server.stdout.take().unwrap());
        Self { server, to, from, last: 0, heard: Vec::new() }
    }

    /// In the folder of the fixtures.
    pub fn of_fixtures() -> Self {
        Self::start(&path(""), &[])
    }

    pub fn send(&mut self, message: &Value) {
        let to = self.to.as_mut().unwrap();
        writeln!(to, "{message}").unwrap();
        to.flush().unwrap();
    }

    /// A request's answer, by its number.
    pub fn wait(&mut self, id: u64) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "the server is gone");
            let message: Value = serde_json::from_str(&line).unwrap();
            if message["id"] == id {
                return message;
            }
            self.heard.push(message);
        }
    }

    /// Sends a request, and gives its number.
    pub fn begin(&mut self, method: &str, params: Value) -> u64 {
        self.last += 1;
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        self.wait(id)
    }

    pub fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.ask("tools/call", json!({ "name": tool, "arguments": arguments }))["result"].take()
    }

    /// The text of an answer.
    pub fn text(&mut self, tool: &str, arguments: Value) -> String {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], false, "{result}");
        text_of(&result)
    }

    /// What is said where there is no answer.
    pub fn refused(&mut self, tool: &str, arguments: Value) -> String {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], true, "{result}");
        text_of(&result)
    }

    /// All lines of an answer, page after page.
    pub fn pages(&mut self, tool: &str, mut arguments: Value) -> Vec<Vec<String>> {
        let mut pages = Vec::new();
        loop {
            let result = self.call(tool, arguments.clone());
            let data = &result["structuredContent"];
            let lines = data["lines"].as_array().unwrap_or_else(|| panic!("{result}"));
            let lines: Vec<String> = lines.iter().map(|l| l.as_str().unwrap().to_owned()).collect();
            pages.push(lines);
            let Some(more) = data["more"].as_str() else { return pages };
            arguments["more"] = more.into();
            assert!(pages.len() < 1000, "no end");
        }
    }

    /// Closes the server's input: it ends, and well.
    pub fn end(mut self) {
        self.to = None;
        assert_eq!(self.server.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

pub fn text_of(result: &Value) -> String {
    result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{result}")).to_owned()
}

/// A client in the folder of some drawings, called 0.heapsnapshot and on.
pub fn of_drawings(texts: &[&str], options: &[&str]) -> (Client, Vec<Drawing>) {
    let Asked { drawings, files } = drawn(texts);
    (Client::start(files[0].parent().unwrap(), options), drawings)
}
