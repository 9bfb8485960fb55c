// A session of one client.
export class Session {
    constructor(id) {
        this.parts = [];
        this.id = id;
    }
    add(part) {
        this.parts.push(part);
    }
}
export class Ticket {
    constructor() {
        this.price = 7;
    }
}
