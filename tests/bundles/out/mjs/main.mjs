import { closeSession, openSession } from "./registry.mjs";
export function serve(clients) {
    for (let at = 0; at < clients; at++)
        openSession(`client-${at}`);
    if (clients < 0)
        closeSession("nobody");
}
globalThis.serve = serve;
