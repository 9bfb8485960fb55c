"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.serve = serve;
const registry_1 = require("./registry");
function serve(clients) {
    for (let at = 0; at < clients; at++)
        (0, registry_1.openSession)(`client-${at}`);
    if (clients < 0)
        (0, registry_1.closeSession)("nobody");
}
globalThis.serve = serve;
//# sourceMappingURL=main.js.map