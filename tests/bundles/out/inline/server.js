(() => {
  // src/session.ts
  var Session = class {
    id;
    parts = [];
    constructor(id) {
      this.id = id;
    }
    add(part) {
      this.parts.push(part);
    }
  };
  var Ticket = class {
    price = 7;
  };

  // src/registry.ts
  var sessions = /* @__PURE__ */ new Map();
  var tickets = [];
  function openSession(id) {
    const session = new Session(id);
    sessions.set(id, session);
    tickets.push(new Ticket());
    return session;
  }
  var closeSession = (id) => sessions.delete(id);

  // src/main.ts
  function serve(clients) {
    for (let at = 0; at < clients; at++) openSession(`client-${at}`);
    if (clients < 0) closeSession("nobody");
  }
  globalThis.serve = serve;
})();
//# sourceMappingURL=data:application/json;base64,ewogICJ2ZXJzaW9uIjogMywKICAic291cmNlcyI6IFsiLi4vLi4vc3JjL3Nlc3Npb24udHMiLCAiLi4vLi4vc3JjL3JlZ2lzdHJ5LnRzIiwgIi4uLy4uL3NyYy9tYWluLnRzIl0sCiAgInNvdXJjZXNDb250ZW50IjogWyIvLyBBIHNlc3Npb24gb2Ygb25lIGNsaWVudC5cbmV4cG9ydCBjbGFzcyBTZXNzaW9uIHtcbiAgcmVhZG9ubHkgaWQ6IHN0cmluZztcbiAgcHJpdmF0ZSBwYXJ0czogbnVtYmVyW10gPSBbXTtcbiAgY29uc3RydWN0b3IoaWQ6IHN0cmluZykge1xuICAgIHRoaXMuaWQgPSBpZDtcbiAgfVxuICBhZGQocGFydDogbnVtYmVyKTogdm9pZCB7XG4gICAgdGhpcy5wYXJ0cy5wdXNoKHBhcnQpO1xuICB9XG59XG5cbmV4cG9ydCBjbGFzcyBUaWNrZXQge1xuICBwcmljZSA9IDc7XG59XG4iLCAiaW1wb3J0IHsgU2Vzc2lvbiwgVGlja2V0IH0gZnJvbSBcIi4vc2Vzc2lvblwiO1xuXG5jb25zdCBzZXNzaW9ucyA9IG5ldyBNYXA8c3RyaW5nLCBTZXNzaW9uPigpO1xuZXhwb3J0IGNvbnN0IHRpY2tldHM6IFRpY2tldFtdID0gW107XG5cbmV4cG9ydCBmdW5jdGlvbiBvcGVuU2Vzc2lvbihpZDogc3RyaW5nKTogU2Vzc2lvbiB7XG4gIGNvbnN0IHNlc3Npb24gPSBuZXcgU2Vzc2lvbihpZCk7XG4gIHNlc3Npb25zLnNldChpZCwgc2Vzc2lvbik7XG4gIHRpY2tldHMucHVzaChuZXcgVGlja2V0KCkpO1xuICByZXR1cm4gc2Vzc2lvbjtcbn1cblxuZXhwb3J0IGNvbnN0IGNsb3NlU2Vzc2lvbiA9IChpZDogc3RyaW5nKTogYm9vbGVhbiA9PiBzZXNzaW9ucy5kZWxldGUoaWQpO1xuIiwgImltcG9ydCB7IGNsb3NlU2Vzc2lvbiwgb3BlblNlc3Npb24gfSBmcm9tIFwiLi9yZWdpc3RyeVwiO1xuXG5leHBvcnQgZnVuY3Rpb24gc2VydmUoY2xpZW50czogbnVtYmVyKTogdm9pZCB7XG4gIGZvciAobGV0IGF0ID0gMDsgYXQgPCBjbGllbnRzOyBhdCsrKSBvcGVuU2Vzc2lvbihgY2xpZW50LSR7YXR9YCk7XG4gIGlmIChjbGllbnRzIDwgMCkgY2xvc2VTZXNzaW9uKFwibm9ib2R5XCIpO1xufVxuKGdsb2JhbFRoaXMgYXMgYW55KS5zZXJ2ZSA9IHNlcnZlO1xuIl0sCiAgIm1hcHBpbmdzIjogIjs7QUFDTyxNQUFNLFVBQU4sTUFBYztBQUFBLElBQ1Y7QUFBQSxJQUNELFFBQWtCLENBQUM7QUFBQSxJQUMzQixZQUFZLElBQVk7QUFDdEIsV0FBSyxLQUFLO0FBQUEsSUFDWjtBQUFBLElBQ0EsSUFBSSxNQUFvQjtBQUN0QixXQUFLLE1BQU0sS0FBSyxJQUFJO0FBQUEsSUFDdEI7QUFBQSxFQUNGO0FBRU8sTUFBTSxTQUFOLE1BQWE7QUFBQSxJQUNsQixRQUFRO0FBQUEsRUFDVjs7O0FDWkEsTUFBTSxXQUFXLG9CQUFJLElBQXFCO0FBQ25DLE1BQU0sVUFBb0IsQ0FBQztBQUUzQixXQUFTLFlBQVksSUFBcUI7QUFDL0MsVUFBTSxVQUFVLElBQUksUUFBUSxFQUFFO0FBQzlCLGFBQVMsSUFBSSxJQUFJLE9BQU87QUFDeEIsWUFBUSxLQUFLLElBQUksT0FBTyxDQUFDO0FBQ3pCLFdBQU87QUFBQSxFQUNUO0FBRU8sTUFBTSxlQUFlLENBQUMsT0FBd0IsU0FBUyxPQUFPLEVBQUU7OztBQ1ZoRSxXQUFTLE1BQU0sU0FBdUI7QUFDM0MsYUFBUyxLQUFLLEdBQUcsS0FBSyxTQUFTLEtBQU0sYUFBWSxVQUFVLEVBQUUsRUFBRTtBQUMvRCxRQUFJLFVBQVUsRUFBRyxjQUFhLFFBQVE7QUFBQSxFQUN4QztBQUNBLEVBQUMsV0FBbUIsUUFBUTsiLAogICJuYW1lcyI6IFtdCn0K
