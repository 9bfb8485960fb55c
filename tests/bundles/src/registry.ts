import { Session, Ticket } from "./session";

const sessions = new Map<string, Session>();
export const tickets: Ticket[] = [];

export function openSession(id: string): Session {
  const session = new Session(id);
  sessions.set(id, session);
  tickets.push(new Ticket());
  return session;
}

export const closeSession = (id: string): boolean => sessions.delete(id);
