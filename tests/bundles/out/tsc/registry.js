"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.closeSession = exports.tickets = void 0;
exports.openSession = openSession;
const session_1 = require("./session");
const sessions = new Map();
exports.tickets = [];
function openSession(id) {
    const session = new session_1.Session(id);
    sessions.set(id, session);
    exports.tickets.push(new session_1.Ticket());
    return session;
}
const closeSession = (id) => sessions.delete(id);
exports.closeSession = closeSession;
//# sourceMappingURL=registry.js.map