const MOST = 50;
const chats = [];
const prompts = new Map();

// A message as it comes from the network, with the same prompt each time.
const receive = (n) => JSON.parse(JSON.stringify({ n, prompt: 'You are an assistant who is kind and brief. '.repeat(20) }));

export function leaking(n) {
  // JSON.parse() makes a new text for each message.
  chats.push(receive(n));
}

export function fixed(n) {
  const chat = receive(n);
  // One text for all that are equal, and not more chats than somebody will look at.
  if (!prompts.has(chat.prompt)) prompts.set(chat.prompt, chat.prompt);
  chats.push({ ...chat, prompt: prompts.get(chat.prompt) });
  if (chats.length > MOST) chats.shift();
}
