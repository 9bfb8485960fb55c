// Runs in a container, by the image's own node (16 or later), from memory. It tells of the processes there, and does what it is
// asked, a line of JSON for each; which of them is meant, and whether it may be sent a signal, is decided outside. From
// `join` on it passes bytes between its standard streams and an inspector. When its input ends, and with it whoever asked,
// it closes the inspector if that was opened for it, and ends.
'use strict';
const fs = require('fs');
const http = require('http');
const net = require('net');
const os = require('os');

const PATIENCE = 5000;
const CLOSING = 2000;
const LONGEST = 1 << 20;
const later = time => new Promise(done => setTimeout(done, time));

const out = process.stdout.write.bind(process.stdout);
// What an image loads into each Node.js must not speak in between.
process.stdout.write = () => true;
const say = message => out(JSON.stringify(message) + '\n');

const attempt = of => {
    try {
        return of();
    } catch {
        return null;
    }
};
const read = file => attempt(() => fs.readFileSync(file, 'utf8'));
const line = (text, name) => (new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text) || [])[1] || '';
const shown = (pid, many, long) => {
    const all = (read(`/proc/${pid}/cmdline`) || '').split('\0').filter(Boolean);
    return all.slice(0, many).map(text => text.slice(0, long));
};
const program = pid => attempt(() => fs.readlinkSync(`/proc/${pid}/exe`));
/** When it was started: its id may be another's by now. */
const started = pid => ((read(`/proc/${pid}/stat`) || '').split(') ').pop().split(' ')[19] || '');

const described = pid => {
    const status = read(`/proc/${pid}/status`);
    if (status === null) return null;
    const first = name => Number(line(status, name).split(/\s/)[0]);
    return { pid, user: first('Uid'), group: first('Gid'), name: line(status, 'Name'), program: program(pid), arguments: shown(pid, 4, 200) };
};
const processes = () =>
    fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(name => described(Number(name))).filter(Boolean);

/** The sockets of a process; null if they cannot be seen. */
const sockets = pid => attempt(() => {
    const links = fs.readdirSync(`/proc/${pid}/fd`).map(fd => attempt(() => fs.readlinkSync(`/proc/${pid}/fd/${fd}`)));
    return new Set(links.map(link => (/^socket:\[(\d+)\]$/.exec(link || '') || [])[1]).filter(Boolean));
});

/** An address of /proc/net/tcp, if it can be reached from here. */
const reachable = hex => {
    const word = text => {
        const bytes = Buffer.from(text, 'hex');
        return os.endianness() === 'LE' ? bytes.reverse() : bytes;
    };
    const bytes = Buffer.concat(hex.match(/.{8}/g).map(word));
    const four = bytes.subarray(bytes.length - 4);
    const isFour = bytes.length === 4 || bytes.subarray(0, 12).toString('hex') === '00000000000000000000ffff';
    if (isFour && four[0] === 127) return four.join('.');
    if (bytes.every(byte => byte === 0)) return bytes.length === 4 ? '127.0.0.1' : '::1';
    return bytes.toString('hex') === '1'.padStart(32, '0') ? '::1' : null;
};

/** Where something listens, the usual port of inspectors first. */
const listening = own => {
    const rows = ['tcp', 'tcp6'].flatMap(table => (read(`/proc/net/${table}`) || '').split('\n').slice(1));
    const found = rows.flatMap(row => {
        const fields = row.trim().split(/\s+/);
        if (fields[3] !== '0A' || (own && !own.has(fields[9]))) return [];
        const [hex, port] = fields[1].split(':');
        const host = reachable(hex);
        return host ? [{ host, port: parseInt(port, 16) }] : [];
    });
    return found.sort((a, b) => (a.port !== 9229) - (b.port !== 9229));
};

/** What an inspector has to inspect, as it says itself; null if none answers. */
const list = ({ host, port }) => new Promise(done => {
    const asked = http.get({ host, port, path: '/json/list', agent: false, timeout: PATIENCE }, reply => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', part => (text += part).length > LONGEST && asked.destroy());
        reply.on('close', () => done(attempt(() => Array.isArray(JSON.parse(text))) ? text : null));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => done(null));
});

const inspector = async pid => {
    for (const place of listening(sockets(pid))) {
        const told = await list(place);
        if (told !== null) return { ...place, list: told };
    }
    return null;
};

let opened = null;
const answers = {
    /** Looks at a process; as its user, if it is hidden from root, which in a container may see less than that. */
    async look({ pid, user, group }) {
        if (program(pid) === null && process.getuid() === 0 && user !== 0) {
            attempt(() => process.setgroups([group]));
            attempt(() => process.setgid(group));
            attempt(() => process.setuid(user));
        }
        const status = read(`/proc/${pid}/status`);
        const environment = read(`/proc/${pid}/environ`);
        const options = environment === null ? [] : environment.split('\0').filter(one => one.startsWith('NODE_OPTIONS='));
        return {
            user: process.getuid(), program: program(pid), arguments: shown(pid, 1000, 2000), started: started(pid),
            options: options.map(one => one.slice('NODE_OPTIONS='.length)).join(' '),
            stopped: line(status || '', 'State').startsWith('T'), caught: line(status || '', 'SigCgt'),
            inspector: await inspector(pid),
        };
    },
    /** Tells it to open an inspector. */
    async signal({ pid, started: then }) {
        if (started(pid) !== then) return { refused: 'it has ended' };
        try {
            process.kill(pid, 'SIGUSR1');
        } catch (e) {
            return { refused: e.code };
        }
        for (const begun = Date.now(); Date.now() - begun < PATIENCE; await later(50)) {
            const found = await inspector(pid);
            if (found) {
                opened = found;
                return { inspector: found };
            }
        }
        return { inspector: null };
    },
};

const end = () => out('', () => process.exit(0));

/** Ends when what was opened is closed: whoever comes next would take it for one that is open. */
const endWhenClosed = async () => {
    for (const begun = Date.now(); Date.now() - begun < CLOSING && (await list(opened)); await later(50));
    end();
};

/** Closes the inspector if it is there still: who has asked for it may not have come to that. */
const leave = async socket => {
    if (socket) socket.destroy();
    // What was asked for last takes a moment.
    if (opened) await later(300);
    const told = opened && (await list(opened));
    const address = told && attempt(() => new URL(JSON.parse(told)[0].webSocketDebuggerUrl).pathname);
    if (!address) return end();
    const expression = "0, (own => { setTimeout(() => own.close(), 50) })(require('inspector'))";
    const params = { expression, includeCommandLineAPI: true };
    const text = Buffer.from(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
    const own = net.connect(opened.port, opened.host);
    own.write(`GET ${address} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: aGVhcGRpZmYgaGVhcGRpZg==\r\nSec-WebSocket-Version: 13\r\n\r\n');
    own.once('data', () => {
        // A text of 126 bytes or more, masked with zeros.
        own.write(Buffer.concat([Buffer.from([0x81, 0xfe, 0, text.length, 0, 0, 0, 0]), text]));
        // It would wait for us to go.
        own.once('data', () => own.destroy());
    });
    own.on('error', () => {});
    own.on('close', endWhenClosed);
    setTimeout(end, 120000);
};

const join = ({ host, port }, more) => {
    const socket = net.connect(port, host, () => {
        say({ joined: true });
        socket.write(more);
        process.stdin.on('data', bytes => socket.write(bytes));
    });
    socket.on('data', bytes => {
        if (out(bytes)) return;
        socket.pause();
        process.stdout.once('drain', () => socket.resume());
    });
    socket.on('error', e => socket.connecting || say({ refused: e.code }));
    socket.on('close', end);
    return socket;
};

let socket = null;
let left = false;
const over = () => {
    if (left) return;
    left = true;
    if (socket) socket.removeAllListeners('close');
    leave(socket);
};
process.stdin.on('end', over);
process.stdin.on('error', over);
process.stdout.on('error', over);

let heard = Buffer.alloc(0);
const hear = async bytes => {
    heard = Buffer.concat([heard, bytes]);
    const at = heard.indexOf(10);
    if (at < 0) return;
    const asked = JSON.parse(heard.subarray(0, at).toString());
    heard = heard.subarray(at + 1);
    if (asked.ask === 'join') {
        process.stdin.off('data', hear);
        socket = join(asked, heard);
    } else {
        say(await answers[asked.ask](asked));
    }
};
process.stdin.on('data', hear);

const header = attempt(processes);
say({
    heapdiff: 1, pid: process.pid, version: process.version, user: process.getuid(),
    namespace: attempt(() => fs.readlinkSync('/proc/self/ns/pid')), processes: header,
});
