(()=>{var o=class{id;parts=[];constructor(s){this.id=s}add(s){this.parts.push(s)}},n=class{price=7};var t=new Map,p=[];function r(e){let s=new o(e);return t.set(e,s),p.push(new n),s}var i=e=>t.delete(e);function c(e){for(let s=0;s<e;s++)r(`client-${s}`);e<0&&i("nobody")}globalThis.serve=c;})();
//# sourceMappingURL=server.js.map
