// A session of one client.
export class Session {
  readonly id: string;
  private parts: number[] = [];
  constructor(id: string) {
    this.id = id;
  }
  add(part: number): void {
    this.parts.push(part);
  }
}

export class Ticket {
  price = 7;
}
