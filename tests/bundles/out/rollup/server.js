!function(t){"use strict";class s{constructor(t){this.parts=[],this.id=t}add(t){this.parts.push(t)}}const e=new Map;function n(t){const n=new s(t);return e.set(t,n),n}function o(t){for(let s=0;s<t;s++)n(`client-${s}`);var s;t<0&&(s="nobody",e.delete(s))}globalThis.serve=o,t.serve=o}({});
//# sourceMappingURL=server.js.map
