"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Ticket = exports.Session = void 0;
// A session of one client.
class Session {
    constructor(id) {
        this.parts = [];
        this.id = id;
    }
    add(part) {
        this.parts.push(part);
    }
}
exports.Session = Session;
class Ticket {
    constructor() {
        this.price = 7;
    }
}
exports.Ticket = Ticket;
//# sourceMappingURL=session.js.map