import { closeSession, openSession } from "./registry";

export function serve(clients: number): void {
  for (let at = 0; at < clients; at++) openSession(`client-${at}`);
  if (clients < 0) closeSession("nobody");
}
(globalThis as any).serve = serve;
