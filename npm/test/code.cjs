// What is tested for leaks: a registry that forgets its sessions, or does not.
class Session {
  constructor(id) {
    this.id = `session ${id}`;
    this.log = [id, { at: id }];
  }
}

function make() {
  const sessions = new Map();
  let opened = 0;

  async function serve(forgets) {
    const session = new Session(opened++);
    sessions.set(session.id, session);
    await null;
    if (forgets) sessions.delete(session.id);
  }

  return { fixed: () => serve(true), leaking: () => serve(false) };
}

module.exports = make;
