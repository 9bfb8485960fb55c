//! A session in, what its process takes and waits for out.

use crate::capture::Session;
use crate::error::{Error, Result};
use crate::units::size;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a process takes, in bytes, and what keeps it awake: sockets, timers and others, by their kind.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct State {
    /// Bytes of the objects of the heap.
    pub heap: u64,
    /// Bytes outside of it that its objects hold.
    pub external: u64,
    /// Bytes of the whole process in memory; 0 if it does not tell.
    pub rss: u64,
    /// Of the heap, bytes of compiled code: they come and go with what runs. 0 where nobody tells.
    #[serde(default)]
    pub code: u64,
    #[serde(default)]
    pub active: BTreeMap<String, u64>,
}

const STATE: &str = "0, (() => {
    const host = globalThis.process?.memoryUsage ? process : globalThis.Deno;
    if (!host) return null;
    const { heapUsed, external, rss } = host.memoryUsage();
    const active = {};
    for (const kind of globalThis.process?.getActiveResourcesInfo?.() ?? []) active[kind] = (active[kind] ?? 0) + 1;
    const v8 = globalThis.process?.getBuiltinModule?.('v8') ?? globalThis.process?.mainModule?.require?.('v8');
    const of = v8?.getHeapCodeStatistics?.();
    const code = of ? of.code_and_metadata_size + of.bytecode_and_metadata_size : 0;
    return { heap: heapUsed, external, rss, code, active };
})()";

/// Where a process listens.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Listening {
    /// As it calls itself.
    pub pid: u32,
    /// Addresses and ports.
    pub at: Vec<(String, u16)>,
}

const LISTENING: &str = "0, (() => {
    const at = [];
    for (const handle of globalThis.process?._getActiveHandles?.() ?? []) {
        const own = handle?.listening === true && typeof handle.address === 'function' ? handle.address() : null;
        if (typeof own?.port === 'number') at.push([String(own.address), own.port]);
    }
    return { pid: globalThis.process?.pid ?? Deno.pid, at };
})()";

/// Timers that go by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
pub(super) struct Timers {
    pub count: u64,
    /// Milliseconds until the last is due.
    pub last: f64,
}

const TIMER: &str = "0, (() => {
    const own = setTimeout(() => {}, 1);
    clearTimeout(own);
    return Object.getPrototypeOf(own);
})()";

/// `_idleStart` counts from the start of the process, nearly.
const PENDING: &str = "function () {
    let count = 0, last = 0;
    for (const timer of this) {
        if (timer._destroyed || timer._repeat || !timer._idlePrev || !(timer._idleTimeout > 0)) continue;
        count++;
        last = Math.max(last, timer._idleStart + timer._idleTimeout - performance.now());
    }
    return { count, last };
}";

/// What belongs together for V8, to be forgotten at once.
const GROUP: &str = "heapdiff";

impl State {
    /// # Errors
    /// As of [`Session::look`].
    pub(crate) fn of(session: &mut Session) -> Result<Self> {
        match session.look(STATE)? {
            // Browsers and workerd tell of the heap only, and workerd may have nothing to evaluate in.
            Value::Null => Ok(Self { heap: session.heap_usage()?, ..Self::default() }),
            told => read(told),
        }
    }

    /// In words; what it does not tell of is left out.
    pub(crate) fn told(&self) -> String {
        let all = [("heap", self.heap), ("external", self.external), ("RSS", self.rss)];
        let told = all.iter().filter(|(_, bytes)| *bytes > 0);
        told.map(|(name, bytes)| format!("{name} {}", size(*bytes))).collect::<Vec<_>>().join(", ")
    }

    /// Bytes of objects, and of what they hold outside of the heap.
    pub(crate) const fn used(&self) -> u64 {
        self.heap.saturating_add(self.external)
    }

    /// What data takes, in the heap and outside of it.
    pub(crate) const fn data(&self) -> u64 {
        self.used().saturating_sub(self.code)
    }

    /// By kind, how many more there are than then.
    pub(super) fn more_than(&self, then: &Self) -> BTreeMap<String, u64> {
        let more = |(kind, now): (&String, &u64)| {
            let more = now.saturating_sub(then.active.get(kind).copied().unwrap_or(0));
            (more > 0).then(|| (kind.clone(), more))
        };
        self.active.iter().filter_map(more).collect()
    }
}

impl Listening {
    pub(super) fn of(session: &mut Session) -> Result<Self> {
        read(session.evaluate(LISTENING)?)
    }
}

impl Timers {
    /// Those that are to go off once; none if the process does not have such as Node.js has.
    pub(super) fn pending(session: &mut Session) -> Result<Self> {
        let mut quiet = |_: &str, _: &str| Ok(());
        let one = json!({ "expression": TIMER, "objectGroup": GROUP });
        let one = session.call("Runtime.evaluate", &one, &mut quiet)?;
        let Some(prototype) = one["result"]["objectId"].as_str() else {
            return Ok(Self::default());
        };
        let all = json!({ "prototypeObjectId": prototype, "objectGroup": GROUP });
        let all = session.call("Runtime.queryObjects", &all, &mut quiet)?;
        let ask = json!({
            "functionDeclaration": PENDING,
            "objectId": all["objects"]["objectId"],
            "returnByValue": true,
        });
        let mut told = session.call("Runtime.callFunctionOn", &ask, &mut quiet)?;
        session.call("Runtime.releaseObjectGroup", &json!({ "objectGroup": GROUP }), &mut quiet)?;
        Ok(serde_json::from_value(told["result"]["value"].take()).unwrap_or_default())
    }
}

fn read<T: for<'de> Deserialize<'de>>(told: Value) -> Result<T> {
    serde_json::from_value(told)
        .map_err(|e| Error::io("the process does not tell what it takes", e.into()))
}
