import { Session, Ticket } from "./session.mjs";
const sessions = new Map();
export const tickets = [];
export function openSession(id) {
    const session = new Session(id);
    sessions.set(id, session);
    tickets.push(new Ticket());
    return session;
}
export const closeSession = (id) => sessions.delete(id);
